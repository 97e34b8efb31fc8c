// Our own icons: one pen, 20 by 20, two strokes wide at most. They are decoration beside a word,
// so screen readers skip them.
import { svg } from "lit";

const draw = (strokes) => svg`<svg class="icon" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.7"
  stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${strokes}</svg>`;

const ICONS = {
  wire: svg`<circle cx="4" cy="10" r="2.2"/><circle cx="16" cy="10" r="2.2"/><path d="M6.200 10h7.600M10 7.500v5"/>`,
  workloads: svg`<path d="M10 2.500 17 6v8l-7 3.500L3 14V6zM3 6l7 3.500L17 6M10 9.500v8"/>`,
  nodes: svg`<rect x="3" y="3" width="14" height="5.500" rx="1.500"/><rect x="3" y="11.500" width="14" height="5.500" rx="1.500"/><path d="M6 5.800h.01M6 14.300h.01M9 5.800h5M9 14.300h5"/>`,
  events: svg`<path d="M3 5h14M3 10h9M3 15h12"/>`,
  images: svg`<path d="m10 2.500 7 3.700-7 3.700-7-3.700zM3 10l7 3.700 7-3.700M3 13.800l7 3.700 7-3.700"/>`,
  builds: svg`<path d="M12.500 6.500 4 15l1.500 1.500L14 8M11 5l4.500 4.500L17.500 7 13 2.500z"/>`,
  git: svg`<circle cx="5.500" cy="4.500" r="2"/><circle cx="5.500" cy="15.500" r="2"/><circle cx="14.500" cy="7.500" r="2"/><path d="M5.500 6.500v7M14.500 9.500c0 3-5 2-8 4.300"/>`,
  access: svg`<circle cx="7" cy="13" r="3.500"/><path d="m9.500 10.500 7-7M14 6l2 2M11.800 8.200l1.500 1.500"/>`,
  ok: svg`<circle cx="10" cy="10" r="7.500"/><path d="m6.700 10.200 2.300 2.300 4.300-4.800"/>`,
  working: svg`<path d="M16.800 8.200A7.200 7.200 0 0 0 4 6M3.200 11.800A7.200 7.200 0 0 0 16 14M4 2.500V6h3.500M16 17.500V14h-3.500"/>`,
  warning: svg`<path d="M10 3 18 16.500H2zM10 8v4M10 14.200v.1"/>`,
  failing: svg`<path d="M6.800 2.500h6.400l4.300 4.300v6.400l-4.300 4.300H6.800l-4.300-4.300V6.800zM7.300 7.300l5.400 5.400M12.700 7.300l-5.400 5.400"/>`,
  paused: svg`<circle cx="10" cy="10" r="7.500"/><path d="M8 7.200v5.600M12 7.200v5.600"/>`,
  unknown: svg`<circle cx="10" cy="10" r="7.500" stroke-dasharray="2.500 2.500"/><path d="M10 13.600v.1M8 8a2 2 0 1 1 2.700 1.900c-.5.200-.7.600-.7 1.300"/>`,
  model: svg`<path d="M10 2.500v15M3.500 6.200 16.500 13.800M16.500 6.200 3.500 13.800"/><circle cx="10" cy="10" r="2.600" fill="currentColor" stroke="none"/>`,
  endpoint: svg`<path d="M3 10h4M13 10h4"/><circle cx="10" cy="10" r="3"/>`,
  app: svg`<rect x="2.500" y="3.500" width="15" height="13" rx="2"/><path d="M2.500 7.500h15M5.300 5.500h.01M7.800 5.500h.01"/>`,
  copy: svg`<rect x="7" y="7" width="10" height="10" rx="2"/><path d="M13 4.500A1.500 1.500 0 0 0 11.500 3h-7A1.500 1.500 0 0 0 3 4.500v7A1.500 1.500 0 0 0 4.500 13"/>`,
  check: svg`<path d="m4 10.500 4 4 8-9"/>`,
  search: svg`<circle cx="8.800" cy="8.800" r="5.300"/><path d="m13 13 4 4"/>`,
  sun: svg`<circle cx="10" cy="10" r="3.300"/><path d="M10 2.500v1.800M10 15.700v1.800M2.500 10h1.800M15.700 10h1.800M4.700 4.700 6 6M14 14l1.300 1.300M4.700 15.300 6 14M14 6l1.300-1.300"/>`,
  moon: svg`<path d="M16.500 12.200A7 7 0 0 1 7.800 3.500a7 7 0 1 0 8.700 8.700z"/>`,
  leave: svg`<path d="M8 3H4.500A1.500 1.500 0 0 0 3 4.500v11A1.500 1.500 0 0 0 4.500 17H8M12.500 6l4 4-4 4M16.500 10H8"/>`,
  back: svg`<path d="m12 4-6 6 6 6"/>`,
  forward: svg`<path d="m8 4 6 6-6 6"/>`,
  out: svg`<path d="M8 4H4.500A1.500 1.500 0 0 0 3 5.500v10A1.500 1.500 0 0 0 4.500 17h10a1.500 1.500 0 0 0 1.500-1.500V12M11.500 3H17v5.500M17 3l-7.500 7.500"/>`,
  down: svg`<path d="M10 3v10M5.500 9 10 13.500 14.500 9M3.500 17h13"/>`,
  terminal: svg`<path d="m4 6 4 4-4 4M10 14h6"/>`,
  play: svg`<path d="M6 4v12l10-6z"/>`,
  undo: svg`<path d="M4 8h8.500a4 4 0 0 1 0 8H8M7 4.500 3.500 8 7 11.500"/>`,
};

export const icon = (name) => draw(ICONS[name] || ICONS.unknown);
