package dev.berth.e2e.dashboard;

import java.util.List;
import java.util.stream.IntStream;

/// Texts that run in a browser which takes text for markup. Each sets `top.ran` to its number.
final class Payloads {
  private static final String RUN = "top.ran=";

  private static final List<String> TEXTS =
      List.of(
          "<script>RUN</script>",
          "\"><script>RUN</script>",
          "'><script>RUN</script>",
          "<img src=x onerror=RUN>",
          "\" onfocus=RUN autofocus x=\"",
          "' onmouseover=RUN x='",
          "<svg onload=RUN>",
          "<svg><script>RUN</script></svg>",
          "<svg><animate onbegin=RUN attributeName=x dur=1s>",
          "<svg><a xlink:href=javascript:RUN><text>x</text></a></svg>",
          "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
          "<iframe src=javascript:RUN></iframe>",
          "<a href=javascript:RUN autofocus onfocus=RUN tabindex=1>x</a>",
          "<body onload=RUN>",
          "<body onpageshow=RUN>",
          "<details open ontoggle=RUN>x</details>",
          "<video><source onerror=RUN></video>",
          "<audio src=x onerror=RUN></audio>",
          "<input autofocus onfocus=RUN>",
          "<select autofocus onfocus=RUN></select>",
          "<textarea autofocus onfocus=RUN></textarea>",
          "<button popovertarget=x onclick=RUN>x</button>",
          "<math><mtext></mtext><mglyph><svg><mtext><style><img src=x onerror=RUN>",
          "<object data=javascript:RUN></object>",
          "<embed src=javascript:RUN>",
          "<form><button formaction=javascript:RUN autofocus>x</button></form>",
          "<meta http-equiv=refresh content='0;url=javascript:RUN'>",
          "<link rel=stylesheet href='data:text/css,main{display:none}'>",
          "<base href=//evil.example/>",
          "<style>@import 'data:text/css,main{display:none}';</style>",
          "<marquee onstart=RUN>x</marquee>",
          "javascript:RUN",
          "data:text/html,<script>top.ran=1</script>",
          "${RUN}",
          "`${RUN}`",
          "{{constructor.constructor('RUN')()}}",
          "'-(RUN)-'",
          "\";RUN;//",
          "</script><script>RUN</script>",
          "</style><script>RUN</script>",
          "</textarea><script>RUN</script>",
          "</title><script>RUN</script>",
          "<!--><script>RUN</script>-->",
          "<![CDATA[<script>RUN</script>]]>",
          "<noscript><p title='</noscript><img src=x onerror=RUN>'>",
          "<template shadowrootmode=open><img src=x onerror=RUN></template>",
          "<x style='animation:x 1s' onanimationstart=RUN>x</x>",
          "&lt;script&gt;RUN&lt;/script&gt;",
          "<scr<script>ipt>RUN</scr</script>ipt>",
          "\u202e<img/src=x/onerror=RUN>",
          "\u001b]8;;javascript:RUN\u0007click\u001b]8;;\u0007",
          "\u001b]0;<img src=x onerror=RUN>\u0007\u001b[2J");

  /// By number.
  static final List<String> ALL =
      IntStream.range(0, TEXTS.size())
          .mapToObj(i -> TEXTS.get(i).replace("RUN", RUN + (i + 1)))
          .toList();

  private Payloads() {}
}
