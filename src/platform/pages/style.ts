/** The style sheet of all pages. It stands in the page itself, named by its hash in the content security policy. */
export const style = `
:root { color-scheme: light; --ink: #1c2733; --soft: #52606d; --line: #d5dbe1; --paper: #fff; --ground: #f3f5f7; --accent: #0b5394; --danger: #a61b1b; --good: #1e6b3a; --warn: #8a5a00; }
* { box-sizing: border-box; }
html { font-size: 100%; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font-family: system-ui, -apple-system, "Segoe UI", "Hiragino Sans", "Hiragino Kaku Gothic ProN", "Yu Gothic UI", Meiryo, "Noto Sans CJK JP", "Noto Sans JP", sans-serif; line-height: 1.65; line-break: strict; overflow-wrap: anywhere; }
.whole { white-space: nowrap; }
:lang(ja) { line-height: 1.8; }
header, main, footer { max-width: 44rem; margin: 0 auto; padding: 0 1rem; }
header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; padding-top: 1rem; padding-bottom: 1rem; }
header p { margin: 0; font-weight: 700; letter-spacing: .04em; color: var(--soft); }
footer { padding-top: 1rem; padding-bottom: 2rem; color: var(--soft); font-size: .875rem; }
h1 { font-size: 1.5rem; line-height: 1.35; margin: 0 0 .75rem; }
h2 { font-size: 1.125rem; line-height: 1.4; margin: 0 0 .75rem; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; padding: 1.25rem; margin: 0 0 1rem; }
section > :last-child, form > :last-child, details > :last-child { margin-bottom: 0; }
p { margin: 0 0 .75rem; }
a { color: var(--accent); text-underline-offset: .15em; }
nav a { display: inline-block; padding: .5rem 0; }
dl { margin: 0; }
dl > div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1rem; padding: .5rem 0; border-top: 1px solid var(--line); }
dl > div:first-child { border-top: 0; padding-top: 0; }
dl > div:last-child { padding-bottom: 0; }
dt { color: var(--soft); }
dd { margin: 0; white-space: pre-line; }
dd span, dd strong, dd a { display: block; }
dd span { unicode-bidi: isolate; }
.says { border-left: .375rem solid var(--accent); }
.says.good { border-left-color: var(--good); }
.says.warn { border-left-color: var(--warn); }
.says.bad { border-left-color: var(--danger); }
label { display: block; font-weight: 600; margin: 0 0 .25rem; }
.hint { color: var(--soft); font-size: .875rem; margin: 0 0 .25rem; }
.fault { color: var(--danger); font-weight: 600; margin: .25rem 0 0; }
.field { margin: 0 0 1.25rem; }
input[type=text], textarea { width: 100%; font: inherit; color: inherit; background: #fff; border: 1px solid #7b8794; border-radius: .375rem; padding: .625rem .75rem; }
textarea { min-height: 5.5rem; resize: vertical; }
[aria-invalid=true] { border-color: var(--danger); border-width: 2px; }
.check { display: grid; grid-template-columns: 1.5rem 1fr; gap: .5rem; align-items: start; font-weight: 400; }
.check input { width: 1.25rem; height: 1.25rem; margin: .25rem 0 0; }
button { font: inherit; font-weight: 700; border: 0; border-radius: .375rem; padding: .75rem 1.25rem; min-height: 2.75rem; cursor: pointer; color: #fff; background: var(--danger); }
button.calm { background: var(--accent); }
summary { cursor: pointer; font-weight: 600; padding: .5rem 0; color: var(--accent); }
details form { margin-top: .75rem; }
:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; }
@media (max-width: 34rem) {
  h1 { font-size: 1.3rem; }
  section { padding: 1rem; }
  dl > div { grid-template-columns: 1fr; }
  button { width: 100%; }
}
@media print { body { background: #fff; } nav, form, details { display: none; } section { border: 0; padding: 0; } }
`;
