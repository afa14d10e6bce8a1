import { pacePolicies } from '../../domain/contract.js';
import { Field } from '../../platform/pages/fields.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Choice, formShown } from '../parts/fields.js';
import { Panel } from '../parts/layout.js';
import type { Again } from './entries.page.js';
import { may, Refused, sectionPage, sectionPath } from './subscription.frame.js';
import type { SubscriptionHead } from './subscription.head.js';
import { settingsWords } from './terms.words.js';

export interface Settings {
  head: SubscriptionHead;
  /** The users who can be the CSM. */
  csms: readonly { id: string; name: string }[];
}

/** Who looks after a subscription, by which policy, and under which number. */
export function settingsPage(
  { head, csms }: Settings,
  reader: PageReader,
  again?: Again & { form: 'settings' | 'annulment' },
): ShownPage {
  const words = settingsWords[reader.language];
  const path = sectionPath(head.id, 'settings');
  const { contract } = head;
  const present = {
    csmId: contract.csmId,
    pacePolicy: contract.pacePolicy,
    contractNumber: contract.contractNumber ?? '',
  };
  const refused = again?.form === 'settings' ? again : undefined;
  const form = formShown(reader, refused?.typed ?? present, refused?.refusal);
  const ofAnnulment = again?.form === 'annulment' ? again : undefined;
  const mayChange = contract.status === 'active';
  return sectionPage(
    head,
    'settings',
    reader,
    <>
      {mayChange && (
        <Panel id="settings" title={words.heading}>
          <ActionForm reader={reader} action={path} class="narrow">
            <Refused refusal={refused?.refusal} reader={reader} />
            <input type="hidden" name="version" value={String(contract.version)} />
            <Choice
              name="csmId"
              label={words.csm}
              options={csms.map(({ id, name }) => ({ value: id, text: name }))}
              form={form}
            />
            <Choice
              name="pacePolicy"
              label={words.pacePolicy}
              options={pacePolicies.map((value) => ({ value, text: words.policies[value] }))}
              form={form}
            />
            <Field
              field={{
                name: 'contractNumber',
                label: words.contractNumber,
                hint: words.contractNumberHint,
                maxLength: 50,
              }}
              form={form}
            />
            <button type="submit">{words.save}</button>
          </ActionForm>
        </Panel>
      )}
      {may(reader, 'subscriptions.annul') && contract.status === 'active' && (
        <details open={ofAnnulment !== undefined}>
          <summary>{words.annul}</summary>
          <Panel id="annulment" title={words.annul}>
            <p class="hint">{words.annulHint}</p>
            <ActionForm reader={reader} action={`${path}/annulment`} class="narrow">
              <Refused refusal={ofAnnulment?.refusal} reader={reader} />
              <Field
                field={{ name: 'reason', label: words.annulReason, lines: 'many', required: true, maxLength: 2_000 }}
                form={formShown(reader, ofAnnulment?.typed, ofAnnulment?.refusal)}
              />
              <button type="submit" class="danger">
                {words.annulSave}
              </button>
            </ActionForm>
          </Panel>
        </details>
      )}
    </>,
  );
}
