import type { PackageCode } from '../../src/domain/package.js';
import { api, type Api, type Answer } from './client.js';
import { person, type Person } from './people.js';
import type { TestService } from './service.js';

/** A contract that was sold, with everybody who has to do with it. */
export interface SoldContract {
  id: string;
  customerId: string;
  /** First and last day of its first term. */
  startsOn: string;
  endsOn: string;
  consultantIds: string[];
  /** Enrolled from the first day. */
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

/** Sells a subscription to a new customer, through a CSM of its own. */
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
  if (answer.status !== 201) throw new Error(`Not entered: ${JSON.stringify(answer.body)}`);
  return (answer.body as { id: string }).id;
}
