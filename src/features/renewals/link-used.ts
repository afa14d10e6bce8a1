/** A personal link as it was used: whose it was, and from where. */
export interface LinkUsed {
  contactName: string;
  contactEmail: string;
  /** Of the token in the link, in hex. */
  sha256: string;
  /** The network address that the request came from. */
  address: string;
  userAgent: string | null;
}
