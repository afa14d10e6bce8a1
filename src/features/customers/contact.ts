export const contactRoles = ['renewal', 'usage', 'billing'] as const;
export type ContactRole = (typeof contactRoles)[number];

/** A person at the customer, and the kinds of mail for this person. */
export interface Contact {
  name: string;
  email: string;
  roles: ContactRole[];
}
