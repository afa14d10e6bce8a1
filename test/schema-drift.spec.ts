import { readdirSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { projectPath } from '../src/platform/project-root.js';
import { testDatabase, type TestDatabase } from './support/database.js';

/** The class of each `*.entity.ts`, whether a room uses it or not. */
async function entities(): Promise<(new () => object)[]> {
  const files = readdirSync(projectPath('src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.entity.ts'),
  );
  const modules = await Promise.all(files.map((file) => import(projectPath('src', file)) as Promise<object>));
  return modules.flatMap((module) =>
    Object.values(module).filter((value) => typeof value === 'function'),
  ) as (new () => object)[];
}

describe('the entities', () => {
  let test: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    test = await testDatabase();
    dataSource = await new DataSource({ type: 'postgres', url: test.url, entities: await entities() }).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await test.drop();
  });

  /** The SQL with which TypeORM would change the tables of the entities to match the entities. */
  const changes = async (): Promise<string[]> =>
    (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

  it('match the tables that the migrations create', async () => {
    expect(dataSource.entityMetadatas.map(({ tableName }) => tableName)).toContain('users');
    expect(await changes()).toEqual([]);
  });

  it.each([
    ['a column', 'alter table users add column shoe_size integer', /DROP COLUMN "shoe_size"/],
    ['a type', 'alter table consultants alter column name type varchar(20)', /"consultants" .*"name"/],
    [
      'a constraint',
      'alter table customers drop constraint customers_locale_known',
      /ADD CONSTRAINT "customers_locale_known"/,
    ],
    ['an index', 'drop index api_tokens_user', /CREATE INDEX "api_tokens_user"/],
  ])('do not match tables that differ by %s', async (_difference, statement, correction) => {
    await dataSource.query(statement);
    expect((await changes()).join('\n')).toMatch(correction);
  });
});
