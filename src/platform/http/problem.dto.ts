export class ProblemExplanation {
  /** The address of this explanation. */
  type!: string;
  code!: string;
  /** The HTTP status that a request with this problem gets. */
  status!: number;
  title!: string;
  /** What the problem says. Names in braces stand for values of the request. */
  detail!: string;
  /** How to go on. */
  advice!: string;
}
