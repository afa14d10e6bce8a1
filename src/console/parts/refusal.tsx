import type { Refusal } from '../../domain/refusal.js';
import { problemOf } from '../../platform/http/problems.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { homeOf } from '../frame/navigation.js';

const words = {
  en: { home: 'Go to your start page' },
  ja: { home: '最初のページへ' },
} as const;

/** Every element can have the focus when the page opens, so that a reader meets the refusal at once. */
export const focused: object = { autofocus: true };

/** Says why the service refused a form: each violated rule is one sentence. Faults of single fields stand at the fields. */
export function RefusalNotice({
  refusal,
  reader: { language },
}: {
  refusal: Refusal | undefined;
  reader: Pick<PageReader, 'language'>;
}): JSX.Element {
  if (refusal === undefined) return <></>;
  const { title, detail, violations = [] } = problemOf(refusal, language);
  return (
    <div class="notice bad" role="alert" id="refusal" tabindex="-1" {...focused}>
      <p>
        <strong safe>{title}</strong>
      </p>
      {violations.length > 1 ? (
        <ul>
          {violations.map((violation) => (
            <li safe>{violation.detail}</li>
          ))}
        </ul>
      ) : (
        <p safe>{violations[0]?.detail ?? detail}</p>
      )}
    </div>
  );
}

/** The page of a refusal, with a way on. */
export function RefusalPage({ refusal, reader }: { refusal: Refusal; reader: PageReader }): ShownPage {
  const { title, detail } = problemOf(refusal, reader.language);
  return {
    title,
    main: (
      <>
        <h1 safe>{title}</h1>
        <p safe>{detail}</p>
        <p>
          <a href={homeOf(reader.actor.role)}>{words[reader.language].home}</a>
        </p>
      </>
    ),
  };
}
