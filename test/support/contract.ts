import type { PackageCode } from '../../src/domain/package.js';
import { api, type Api, type Answer } from './client.js';
import { person, type Person } from './people.js';
import type { TestService } from './service.js';

/** A sold subscription with its people. */
export interface SoldContract {
  id: string;
  customerId: string;
  /** The first and last day of the first term. */
  startsOn: string;
  endsOn: string;
  consultantIds: string[];
  /** The product lines, enrolled from the first day. */
  productLineIds: string[];
  admin: Api;
  csm: Person;
  customer: Person;
}

export interface ContractWanted {
  package: PackageCode;
  startsOn?: string;
  timeZone?: string;
  consultants?: number;
  productLines?: number;
}

let sold = 0;

/** Enters a subscription with a new customer, CSM, consultants and product lines. */
export async function soldContract(service: TestService, wanted: ContractWanted): Promise<SoldContract> {
  const { package: sellPackage, startsOn, timeZone = 'Asia/Tokyo', consultants = 2 } = wanted;
  const { productLines = sellPackage === 'basic' ? 1 : 2 } = wanted;
  const admin = api(service.baseUrl, service.adminToken);
  const number = ++sold;
  const consultantIds: string[] = [];
  for (let at = 1; at <= consultants; at++) {
    const consultant = { name: `Consultant ${at}`, email: `consultant-${number}-${at}@trm.example` };
    consultantIds.push(idOf(await admin.post('/v1/consultants', consultant)));
  }
  const productLineIds: string[] = [];
  for (let at = 1; at <= productLines; at++) {
    const productLine = { code: `LINE-${number}-${at}`, name: `Line ${at}` };
    productLineIds.push(idOf(await admin.post('/v1/product-lines', productLine)));
  }
  const csm = await person(service, 'csm');
  const customerId = idOf(await csm.post('/v1/customers', { name: `Customer ${number}`, locale: 'ja', timeZone }));
  const customer = await person(service, 'customer', customerId);
  const subscription = { customerId, package: sellPackage, startsOn, productLineIds };
  const answer = await csm.post('/v1/subscriptions', subscription);
  const id = idOf(answer);
  const { currentTerm } = answer.body as { currentTerm: { startsOn: string; endsOn: string } };
  return {
    id,
    customerId,
    startsOn: currentTerm.startsOn,
    endsOn: currentTerm.endsOn,
    consultantIds,
    productLineIds,
    admin,
    csm,
    customer,
  };
}

function idOf(answer: Answer): string {
  if (answer.status !== 201) throw new Error(`The service did not create the record: ${JSON.stringify(answer.body)}`);
  return (answer.body as { id: string }).id;
}
