/**
 * Replaces a file of an installed package by a call that loads the package with Node, so that all spec files of a worker share it.
 * Node also loads packages that are ES modules, which Jest on Node 20 cannot do.
 */
const { createHash } = require('node:crypto');

/** The global setup and teardown are no tests: Node itself loads their packages. */
const isInTest = () => 'requirePackage' in globalThis;

module.exports = {
  process: (source, path) => ({
    code: isInTest() ? `module.exports = requirePackage(${JSON.stringify(path)});` : source,
  }),
  getCacheKey: (source, path) =>
    createHash('sha256')
      .update(isInTest() ? path : source)
      .digest('hex'),
};
