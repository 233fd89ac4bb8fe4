/** The type of a Vega-Lite spec as this library hands it around: plain JSON, not Vega-Lite's very large types. */

/** A JSON object. */
export type Json = Record<string, unknown>;

/** A Vega-Lite v5 spec. */
export type VegaLiteSpec = Json;

/** The MIME type under which notebooks keep a Vega-Lite v5 spec. */
export const VEGA_LITE_MIME = 'application/vnd.vegalite.v5+json';
