import type { FastifyRequest } from 'fastify';
import { IsOptional } from 'class-validator';

/** The query of a page. Any value is read: a page shows its own language where nothing useful is asked. */
export class WebPageQuery {
  @IsOptional()
  lang?: unknown;
}

/**
 * Parameters that mail programs and campaign tools add to links in mails: Google, Matomo, HubSpot, Mailchimp, Marketo, Adobe and the
 * click numbers of social networks. They mean nothing to a page, and a customer cannot keep them away.
 */
const tracking =
  /^(?:(?:utm|mtm|pk|piwik|matomo|hsa|vero|oly|trk|elq|cm|dm)_.*|mc_[ce]id|_hs(?:enc|mi)|__hs(?:tc|sc|fp)|mkt_tok|[a-z]{0,6}cl(?:ick)?id|msclkid|_ga|_gl|elq[a-z]*|s_(?:cid|kwcid)|ns_[a-z_]+|igshid?|srsltid|wickedid)$/i;

/**
 * Takes the tracking parameters out of the query of a page, and the empty fields that a form sends with the others. All others that it
 * does not know are refused, as they are everywhere.
 */
export function dropTracking(request: FastifyRequest): void {
  const own = Object.entries(request.query as object).filter(([name, value]) => value !== '' && !tracking.test(name));
  request.query = Object.fromEntries(own);
}
