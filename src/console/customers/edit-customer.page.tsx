import { escapeHtml } from '@kitajs/html';
import { languages } from '../../domain/language.js';
import type { Refusal } from '../../domain/refusal.js';
import { faultText, Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import { contactRoles, type Contact } from '../../features/customers/contact.js';
import type { CustomerAnswer } from '../../features/customers/customer.dto.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Choice, formShown } from '../parts/fields.js';
import { RefusalNotice } from '../parts/refusal.js';
import { editedCustomer, type EditedCustomer } from './customer.forms.js';
import { changesOf } from './customer-changes.js';
import { customersWords } from './customers.words.js';

/** Empty lines for more contacts. */
const spareLines = 2;

/** Enters or edits a customer. If somebody else changed it meanwhile, the page says what, and keeps what was typed. */
export function editCustomerPage({
  reader,
  customer,
  edited,
  before,
  refusal,
}: {
  reader: PageReader;
  /** Absent for a new customer. */
  customer?: CustomerAnswer;
  edited: EditedCustomer;
  /** The customer as the page showed it first, as JSON. */
  before?: unknown;
  refusal?: Refusal;
}): ShownPage {
  const { language } = reader;
  const words = customersWords[language];
  const { contacts, ...texts } = edited;
  const form = formShown(reader, texts, refusal);
  const title = customer ? words.edit : words.newCustomer;
  return {
    title,
    main: (
      <>
        <h1>{title}</h1>
        {customer !== undefined && (
          <p>
            <a href={`/console/customers/${customer.id}`} safe>
              {customer.name}
            </a>
          </p>
        )}
        {customer !== undefined && refusal?.code === 'etag-stale' ? (
          <ChangedMeanwhile before={before} customer={customer} reader={reader} />
        ) : (
          <RefusalNotice refusal={refusal} reader={reader} />
        )}
        <ActionForm
          reader={reader}
          action={customer ? `/console/customers/${customer.id}/edit` : '/console/customers/new'}
        >
          {customer !== undefined && (
            <>
              <input type="hidden" name="version" value={String(customer.version)} />
              <input type="hidden" name="before" value={escapeHtml(JSON.stringify(editedCustomer(customer)))} />
            </>
          )}
          <section class="panel" aria-labelledby="facts">
            <h2 id="facts">{words.facts}</h2>
            <FactFields form={form} language={language} />
          </section>
          <section class="panel" aria-labelledby="contacts">
            <h2 id="contacts">{words.contacts}</h2>
            <p class="hint">{words.contactsHint}</p>
            <ContactLines contacts={contacts} form={form} language={language} />
          </section>
          <button type="submit">{customer ? words.save : words.enter}</button>
        </ActionForm>
      </>
    ),
  };
}

function FactFields({ form, language }: { form: FormShown; language: PageReader['language'] }): JSX.Element {
  const words = customersWords[language];
  const { fields } = words;
  return (
    <>
      <Field form={form} field={{ name: 'name', label: fields.name, required: true, maxLength: 200 }} />
      <div class="fields level">
        <Field form={form} field={{ name: 'code', label: fields.code, hint: fields.codeHint, maxLength: 50 }} />
        <Choice
          name="locale"
          label={fields.locale}
          form={form}
          options={languages.map((value) => ({ value, text: words.locales[value] }))}
        />
        <Field
          form={form}
          field={{
            name: 'timeZone',
            label: fields.timeZone,
            hint: fields.timeZoneHint,
            required: true,
            maxLength: 60,
          }}
        />
        <Field form={form} field={{ name: 'country', label: fields.country, hint: fields.countryHint, maxLength: 2 }} />
      </div>
    </>
  );
}

/** One line for each contact, and some empty ones. */
function ContactLines({
  contacts,
  form,
  language,
}: {
  contacts: readonly Contact[];
  form: FormShown;
  language: PageReader['language'];
}): JSX.Element {
  const empty = Array.from({ length: spareLines }, (): Contact => ({ name: '', email: '', roles: [] }));
  return (
    <>
      {[...contacts, ...empty].map((contact, at) => (
        <ContactLine contact={contact} at={at} form={form} language={language} />
      ))}
    </>
  );
}

function ContactLine({
  contact,
  at,
  form,
  language,
}: {
  contact: Contact;
  at: number;
  form: FormShown;
  language: PageReader['language'];
}): JSX.Element {
  const words = customersWords[language];
  const faults = form.errors.filter(
    ({ pointer }) => pointer === `/contacts/${at}` || pointer.startsWith(`/contacts/${at}/`),
  );
  const legend = say(words.contact, language, { number: at + 1 });
  return (
    <fieldset class="contact-line">
      <legend safe>{legend}</legend>
      <div class="fields">
        <div class="field">
          <label for={`contactName-${at}`}>{words.contactName}</label>
          <input
            type="text"
            id={`contactName-${at}`}
            name="contactName"
            value={escapeHtml(contact.name)}
            maxlength={200}
            autocomplete="off"
          />
        </div>
        <div class="field">
          <label for={`contactEmail-${at}`}>{words.contactEmail}</label>
          <input
            type="email"
            id={`contactEmail-${at}`}
            name="contactEmail"
            value={escapeHtml(contact.email)}
            maxlength={254}
            autocomplete="off"
          />
        </div>
        <div class="row field">
          {contactRoles.map((role) => (
            <label class="check">
              <input type="checkbox" name={role} value={String(at)} checked={contact.roles.includes(role)} />
              <span>{words.roles[role]}</span>
            </label>
          ))}
        </div>
      </div>
      {faults.map((fault) => (
        <p class="fault" safe>
          {faultText(fault, fault.pointer.endsWith('email') ? words.contactEmail : words.contactName, language)}
        </p>
      ))}
    </fieldset>
  );
}

function ChangedMeanwhile({
  before,
  customer,
  reader: { language },
}: {
  before: unknown;
  customer: CustomerAnswer;
  reader: PageReader;
}): JSX.Element {
  const words = customersWords[language];
  return (
    <div class="notice warn" role="alert">
      <p>
        <strong>{words.changedMeanwhile}</strong>
      </p>
      <ul>
        {changesOf(before, editedCustomer(customer)).map(({ field, from, to }) => (
          <li safe>
            {say(words.changedFrom, language, {
              field: field === 'contacts' ? words.contacts : words.fields[field],
              before: from === '' ? words.nothing : from,
              after: to === '' ? words.nothing : to,
            })}
          </li>
        ))}
      </ul>
      <p>{words.changedHint}</p>
    </div>
  );
}
