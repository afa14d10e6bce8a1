/** What the console uses of @hotwired/turbo, which the build copies beside these scripts. */

/** Makes the children of an element equal to others, and keeps the nodes that are alike, with their focus. */
export declare function morphChildren(current: Element, next: Element, options?: { ignoreActiveValue?: boolean }): void;

export interface FormSubmission {
  formElement: HTMLFormElement;
  submitter?: HTMLElement;
}

declare global {
  interface DocumentEventMap {
    'turbo:load': CustomEvent;
    'turbo:render': CustomEvent<{ renderMethod: 'replace' | 'morph' }>;
    'turbo:submit-start': CustomEvent<{ formSubmission: FormSubmission }>;
    'turbo:submit-end': CustomEvent<{
      formSubmission: FormSubmission;
      success: boolean;
      fetchResponse?: { response: Response };
      error?: Error;
    }>;
    'turbo:before-fetch-response': CustomEvent<{ fetchResponse: { response: Response } }>;
    'turbo:fetch-request-error': CustomEvent<{ error: Error }>;
    'turbo:before-morph-element': CustomEvent<{ newElement?: Element }>;
    'turbo:before-morph-attribute': CustomEvent<{ attributeName: string; mutationType: 'update' | 'remove' }>;
  }
}
