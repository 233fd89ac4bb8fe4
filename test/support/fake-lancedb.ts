/** As much of LanceDB as examples need, in memory: no id is taken, nothing is removed. The real one is tested where TSBERT_LANCEDB names it. */
import type { LanceDb } from '../../src/index.ts';

type Connection = Awaited<ReturnType<LanceDb['connect']>>;
type Table = Awaited<ReturnType<Connection['openTable']>>;
type Rows = Parameters<Table['add']>[0];

export const fakeLanceDb: LanceDb = {
  async connect() {
    const tables = new Map<string, Table>();
    return {
      tableNames: async () => [...tables.keys()],
      openTable: async (name) => tables.get(name)!,
      async createTable(name, rows) {
        tables.set(name, table(rows));
        return tables.get(name)!;
      },
    };
  },
  Index: { ivfFlat: () => ({}) },
};

function table(rows: Rows): Table {
  return {
    add: async (more) => rows.push(...more),
    countRows: async (filter) => (filter === undefined ? rows.length : 0),
    delete: async () => {},
    createIndex: async () => {},
    schema: async () => ({ fields: [{ name: 'vector', type: { listSize: rows[0]!.vector.length } }] }),
    vectorSearch: (vector) => query(rows, vector),
  };
}

function query(rows: Rows, vector: Float32Array): ReturnType<Table['vectorSearch']> {
  let most = 0;
  const self: ReturnType<Table['vectorSearch']> = {
    distanceType: () => self,
    nprobes: () => self,
    select: () => self,
    limit(count) {
      most = count;
      return self;
    },
    async toArray() {
      const distance = (row: Rows[number]) =>
        1 - row.vector.reduce((sum, value, i) => sum + value * vector[i]!, 0);
      const ranked = rows.map((row) => ({ ...row, _distance: distance(row) }));
      return ranked.sort((a, b) => a._distance - b._distance).slice(0, most);
    },
  };
  return self;
}
