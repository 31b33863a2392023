// Writes src/api/types.ts from the schemas of api/openapi.yaml, src/console/types.ts from those of api/console.yaml; with
// --check only says whether they are fresh.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

const files = [['openapi.yaml', 'api/types.ts'], ['console.yaml', 'console/types.ts']];

const literal = (value) => (value === null ? 'null' : `'${value}'`);

function scalar(name) {
  return { integer: 'number', number: 'number', boolean: 'boolean', null: 'null' }[name] ?? name;
}

function arrayType(schema) {
  const item = type(schema.items);
  if (schema.minItems !== undefined && schema.minItems === schema.maxItems)
    return `[${Array(schema.minItems).fill(item).join(', ')}]`;
  return item.includes(' ') ? `(${item})[]` : `${item}[]`;
}

function objectType(schema, indent) {
  if (schema.properties === undefined) return 'object';
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties).map(([name, property]) => {
    const note = property.description ? `${indent}  /** ${property.description} */\n` : '';
    return `${note}${indent}  ${name}${required.has(name) ? '' : '?'}: ${type(property)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

function type(schema) {
  if (schema.$ref) return schema.$ref.split('/').pop();
  if (schema.oneOf) return schema.oneOf.map(type).join(' | ');
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map(scalar).join(' | ');
  if (schema.type === 'array') return arrayType(schema);
  if (schema.type === 'object') return objectType(schema, '');
  return scalar(schema.type);
}

function declaration([name, schema]) {
  const note = schema.description ? `/** ${schema.description.trim().replace(/\s+/g, ' ')} */\n` : '';
  return schema.type === 'object'
    ? `${note}export interface ${name} ${objectType(schema, '')}\n`
    : `${note}export type ${name} = ${type(schema)};\n`;
}

let old = false;
for (const [from, name] of files) {
  const { schemas } = parse(readFileSync(new URL(`../api/${from}`, import.meta.url), 'utf8')).components;
  const to = new URL(`../src/${name}`, import.meta.url);
  const text = `// Made by scripts/types.mjs from api/${from}; do not edit.\n\n${Object.entries(schemas)
    .map(declaration)
    .join('\n')}`;
  if (!process.argv.includes('--check')) writeFileSync(to, text);
  else if (readFileSync(to, 'utf8') !== text) {
    console.error(`src/${name} is older than api/${from}: run npm run types`);
    old = true;
  }
}
process.exit(old ? 1 : 0);
