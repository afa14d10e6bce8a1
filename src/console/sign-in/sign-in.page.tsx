import { escapeHtml } from '@kitajs/html';
import type { Refusal } from '../../domain/refusal.js';
import type { SeenLink } from '../../features/sign-in/sign-in.service.js';
import { problemOf } from '../../platform/http/problems.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { ShownPage } from '../page/console-page.js';
import { RefusalNotice } from '../parts/refusal.js';
import type { DoorVisit } from './door.js';
import { signInWords } from './sign-in.words.js';

type Visit = Pick<DoorVisit, 'language' | 'query' | 'returnTo'>;

/** What was typed in the form with the address, or in that with the token, and why it was refused. */
export interface SignInForms {
  email?: Omit<FormShown, 'language'>;
  token?: { refusal: Refusal };
}

/** The page on which a link is asked for. */
export function signInPage(visit: Visit, forms: SignInForms = {}): ShownPage {
  const { language, query, returnTo } = visit;
  const words = signInWords[language];
  return {
    title: words.title,
    main: (
      <>
        <section class="panel">
          <h1>{words.title}</h1>
          <p safe>{returnTo === undefined ? words.intro : `${words.intro} ${words.goOn}`}</p>
          <LinkForm visit={visit} form={forms.email} />
        </section>
        <details open={forms.token !== undefined}>
          <summary>{words.tokenTitle}</summary>
          <section class="panel">
            <p>{words.tokenIntro}</p>
            <RefusalNotice refusal={forms.token?.refusal} reader={visit} />
            <form method="post" action={`/console/sign-in/access-token${escapeHtml(query)}`} data-turbo="false">
              <Field
                field={{ name: 'token', label: words.token, type: 'password', maxLength: 1_024, required: true }}
                form={{ language, typed: {}, errors: [] }}
              />
              <button type="submit" class="quiet">
                {words.tokenSend}
              </button>
            </form>
          </section>
        </details>
      </>
    ),
  };
}

/** The page after a link was asked for. It is the same for every address. */
export function linkSentPage({ language, query }: Visit, toFiles: boolean): ShownPage {
  const words = signInWords[language];
  return {
    title: words.sentTitle,
    main: (
      <section class="panel">
        <h1>{words.sentTitle}</h1>
        <p>{words.sent}</p>
        {toFiles && <p>{words.sentToFiles}</p>}
        <p class="soft">{words.sentNothing}</p>
        <p>
          <a href={`/console/sign-in${escapeHtml(query)}`}>{words.again}</a>
        </p>
      </section>
    ),
  };
}

/** The page of a link that signs in with one click. */
export function invitationPage(
  { language, query }: Visit,
  token: string,
  link: Extract<SeenLink, { fault: undefined }>,
): ShownPage {
  const words = signInWords[language];
  return {
    title: words.invitationTitle,
    main: (
      <section class="panel">
        <h1>{words.invitationTitle}</h1>
        <p safe>{say(words.invitation, language, { name: link.userName })}</p>
        <form method="post" action={`/console/sign-in/${token}${escapeHtml(query)}`} data-turbo="false">
          <button type="submit">{words.enter}</button>
        </form>
        <p class="soft">{words.invitationLater}</p>
      </section>
    ),
  };
}

/** The page of a link that does not sign in: why, and a form for a new one. */
export function faultyLinkPage(visit: Visit, refusal: Refusal): ShownPage {
  const words = signInWords[visit.language];
  const { title, detail } = problemOf(refusal, visit.language);
  return {
    title: words.newLink,
    main: (
      <section class="panel">
        <h1>{words.newLink}</h1>
        <div class="notice warn" role="alert">
          <p>
            <strong safe>{title}</strong>
          </p>
          <p safe>{detail}</p>
        </div>
        <LinkForm visit={visit} />
      </section>
    ),
  };
}

function LinkForm({
  visit: { language, query },
  form = { typed: {}, errors: [] },
}: {
  visit: Visit;
  form?: Omit<FormShown, 'language'>;
}): JSX.Element {
  const words = signInWords[language];
  return (
    <form method="post" action={`/console/sign-in${escapeHtml(query)}`} data-turbo="false">
      <Field
        field={{
          name: 'email',
          label: words.email,
          type: 'email',
          maxLength: 320,
          required: true,
          autocomplete: 'email',
        }}
        form={{ language, ...form }}
      />
      <button type="submit">{words.send}</button>
    </form>
  );
}
