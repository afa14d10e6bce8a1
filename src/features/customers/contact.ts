export const contactRoles = ['renewal', 'usage', 'billing'] as const;
export type ContactRole = (typeof contactRoles)[number];

/** Whom to write to about what. */
export interface Contact {
  name: string;
  email: string;
  roles: ContactRole[];
}
