import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

const minutes = (description: string): Schema => ({ type: 'integer', description });

/** A problem as the service writes it (RFC 9457). */
export const problemSchema: Schema = {
  type: 'object',
  description: 'A problem (RFC 9457). Programs read `code`; `title` and `detail` are for people.',
  required: ['type', 'code', 'title', 'status', 'detail'],
  properties: {
    type: {
      type: 'string',
      description: 'An address of this service that explains the problem.',
      example: '/problems/hours-exhausted',
    },
    code: { type: 'string', description: 'The stable name of the problem.', example: 'hours-exhausted' },
    title: { type: 'string', description: 'The problem in a few words.', example: 'Not enough hours left' },
    status: { type: 'integer', description: 'The HTTP status.', example: 422 },
    detail: {
      type: 'string',
      description: 'What is wrong with this request, in English or Japanese as `Accept-Language` asks.',
    },
    instance: {
      type: 'string',
      description: 'The address of the request.',
      example: '/v1/subscriptions/01990000-0000-7000-8000-000000000001/time-entries',
    },
    violations: {
      type: 'array',
      description: 'Every rule that the request breaks. Some rules add further fields.',
      items: {
        type: 'object',
        required: ['code', 'detail'],
        additionalProperties: true,
        properties: {
          code: { type: 'string', description: 'The stable name of the rule.' },
          detail: { type: 'string', description: 'What the rule says about this request.' },
          pointer: { type: 'string', description: 'JSON Pointer to the field that the rule is about.' },
          limitMinutes: minutes('The limit of the rule.'),
          usedMinutes: minutes('The minutes of the limit that are used.'),
          remainingMinutes: minutes('The minutes of the limit that are left.'),
          maxAcceptableMinutes: minutes('The largest value that this rule would accept.'),
        },
      },
    },
    maxAcceptableMinutes: minutes('The largest value that all rules would accept. Absent if no value would do.'),
    errors: {
      type: 'array',
      description: 'Each field of the body or the query, or each place in a file, that cannot be read.',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer into the body, or `/name` of a query parameter.' },
          line: { type: 'integer', description: 'CSV files only: the line on which the record begins.' },
          column: { type: 'integer', description: 'CSV files only: the number of the column, from 1.' },
          detail: { type: 'string', description: 'What is wrong there.' },
        },
      },
    },
  },
};
