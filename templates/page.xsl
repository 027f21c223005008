<?xml version="1.0"?>
<!--
  page.xsl - what the pages for people share: their frame, their look, how a
  verdict, a bar, a citation and a size are shown.

  A page is one file: no script, no network, nothing but its own style, and
  its policy says so to the browser.  Untrusted text is text everywhere, never
  an address: links lead to our own pages and sections only.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">
  <xsl:import href="details.xsl"/>
  <xsl:output method="html" encoding="UTF-8" indent="no"
      doctype-system="about:legacy-compat"/>

  <xsl:template name="page-head">
    <xsl:param name="title"/>
    <head>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <meta name="generator" content="muster {/e:evidence/@muster}"/>
      <title><xsl:value-of select="$title"/></title>
      <style><xsl:call-template name="style"/></style>
    </head>
  </xsl:template>

  <xsl:template name="page-foot">
    <footer>
      <p>
        <xsl:text>Verdicts as of </xsl:text>
        <xsl:call-template name="time">
          <xsl:with-param name="at" select="/e:evidence/@as_of"/>
        </xsl:call-template>
        <xsl:value-of select="concat(', by muster ', /e:evidence/@muster,
            ', against ', /e:evidence/e:benchmark/@title, ', Version ',
            /e:evidence/e:benchmark/@version, ', ',
            /e:evidence/e:benchmark/@release, '.')"/>
      </p>
      <p>
        <xsl:text>The titles and discussions are the words of the guide; </xsl:text>
        <xsl:text>severities, checks and fixes are muster’s reading of it. </xsl:text>
        <xsl:text>Not published by DISA. Benchmark </xsl:text>
        <code><xsl:value-of select="concat('sha256:',
            /e:evidence/e:benchmark/@sha256)"/></code>
      </p>
    </footer>
  </xsl:template>

  <!-- "23 Nov 2026, 00:00 UTC" -->
  <xsl:template name="time">
    <xsl:param name="at"/>
    <time datetime="{$at}">
      <xsl:variable name="month" select="number(substring($at, 6, 2))"/>
      <xsl:value-of select="concat(number(substring($at, 9, 2)), ' ',
          substring('JanFebMarAprMayJunJulAugSepOctNovDec',
          $month * 3 - 2, 3), ' ', substring($at, 1, 4), ', ',
          substring($at, 12, 5), ' UTC')"/>
    </time>
  </xsl:template>

  <xsl:template name="sign">
    <xsl:param name="of"/>
    <xsl:choose>
      <xsl:when test="$of = 'pass'">✓</xsl:when>
      <xsl:when test="$of = 'fail'">✕</xsl:when>
      <xsl:when test="$of = 'contradiction'">≠</xsl:when>
      <xsl:when test="$of = 'not_applicable'">–</xsl:when>
      <xsl:when test="$of = 'error'">!</xsl:when>
      <xsl:when test="$of = 'note'">·</xsl:when>
      <xsl:otherwise>?</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A verdict: a sign and its word; never the colour alone. -->
  <xsl:template name="verdict">
    <xsl:param name="of"/>
    <span class="v {$of}">
      <span class="sign" aria-hidden="true">
        <xsl:call-template name="sign">
          <xsl:with-param name="of" select="$of"/>
        </xsl:call-template>
      </span>
      <span class="word">
        <xsl:call-template name="word">
          <xsl:with-param name="of" select="$of"/>
        </xsl:call-template>
      </span>
    </span>
  </xsl:template>

  <xsl:template name="category">
    <xsl:param name="severity"/>
    <xsl:choose>
      <xsl:when test="$severity = 'high'">CAT I</xsl:when>
      <xsl:when test="$severity = 'medium'">CAT II</xsl:when>
      <xsl:when test="$severity = 'low'">CAT III</xsl:when>
      <xsl:otherwise>no CAT</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="bytes">
    <xsl:param name="n"/>
    <xsl:choose>
      <xsl:when test="$n &gt;= 1073741824"><xsl:value-of
          select="concat(format-number($n div 1073741824, '0.0'), ' GiB')"/></xsl:when>
      <xsl:when test="$n &gt;= 1048576"><xsl:value-of
          select="concat(format-number($n div 1048576, '0.0'), ' MiB')"/></xsl:when>
      <xsl:when test="$n &gt;= 1024"><xsl:value-of
          select="concat(format-number($n div 1024, '0.0'), ' KiB')"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="concat($n, ' B')"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="number">
    <xsl:param name="n"/>
    <xsl:value-of select="format-number($n, '#,##0')"/>
  </xsl:template>

  <xsl:template name="plural">
    <xsl:param name="n"/>
    <xsl:param name="one"/>
    <xsl:param name="many" select="concat($one, 's')"/>
    <xsl:value-of select="format-number($n, '#,##0')"/>
    <xsl:text> </xsl:text>
    <xsl:choose>
      <xsl:when test="$n = 1"><xsl:value-of select="$one"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$many"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A bar of verdicts; what it shows stands beside it in words. -->
  <xsl:template name="verdict-bar">
    <xsl:param name="fail" select="0"/>
    <xsl:param name="error" select="0"/>
    <xsl:param name="rest" select="0"/>
    <xsl:param name="pass" select="0"/>
    <xsl:param name="na" select="0"/>
    <xsl:variable name="all" select="$fail + $error + $rest + $pass + $na"/>
    <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none"
        aria-hidden="true" focusable="false">
      <rect class="b-none" x="0" y="0" width="1000" height="10"/>
      <xsl:if test="$all &gt; 0">
        <xsl:variable name="u" select="1000 div $all"/>
        <xsl:call-template name="part">
          <xsl:with-param name="class" select="'b-fail'"/>
          <xsl:with-param name="n" select="$fail * $u"/>
        </xsl:call-template>
        <xsl:call-template name="part">
          <xsl:with-param name="class" select="'b-error'"/>
          <xsl:with-param name="x" select="$fail * $u"/>
          <xsl:with-param name="n" select="$error * $u"/>
        </xsl:call-template>
        <xsl:call-template name="part">
          <xsl:with-param name="class" select="'b-not_reviewed'"/>
          <xsl:with-param name="x" select="($fail + $error) * $u"/>
          <xsl:with-param name="n" select="$rest * $u"/>
        </xsl:call-template>
        <xsl:call-template name="part">
          <xsl:with-param name="class" select="'b-pass'"/>
          <xsl:with-param name="x" select="($fail + $error + $rest) * $u"/>
          <xsl:with-param name="n" select="$pass * $u"/>
        </xsl:call-template>
        <xsl:call-template name="part">
          <xsl:with-param name="class" select="'b-not_applicable'"/>
          <xsl:with-param name="x"
              select="($fail + $error + $rest + $pass) * $u"/>
          <xsl:with-param name="n" select="$na * $u"/>
        </xsl:call-template>
      </xsl:if>
    </svg>
  </xsl:template>

  <xsl:template name="part">
    <xsl:param name="class"/>
    <xsl:param name="x" select="0"/>
    <xsl:param name="n"/>
    <xsl:if test="$n &gt; 0">
      <rect class="{$class}" x="{format-number($x, '0.##')}" y="0"
          width="{format-number($n, '0.##')}" height="10"/>
    </xsl:if>
  </xsl:template>

  <!-- A bar of severities, from tallies in the order worst first. -->
  <xsl:template name="severity-bar">
    <xsl:param name="tallies"/>
    <xsl:variable name="of" select="sum($tallies/@n)"/>
    <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none"
        aria-hidden="true" focusable="false">
      <rect class="b-none" x="0" y="0" width="1000" height="10"/>
      <xsl:for-each select="$tallies">
        <xsl:call-template name="part">
          <xsl:with-param name="class" select="concat('s-', @severity)"/>
          <xsl:with-param name="x"
              select="sum(preceding-sibling::e:tally/@n) * 1000 div $of"/>
          <xsl:with-param name="n" select="@n * 1000 div $of"/>
        </xsl:call-template>
      </xsl:for-each>
    </svg>
  </xsl:template>

  <!-- One number of the summary. -->
  <xsl:template name="figure">
    <xsl:param name="n"/>
    <xsl:param name="of"/>
    <xsl:param name="about"/>
    <div class="figure {$of}">
      <dt><xsl:call-template name="verdict">
        <xsl:with-param name="of" select="$of"/>
      </xsl:call-template></dt>
      <dd>
        <b><xsl:value-of select="format-number($n, '#,##0')"/></b>
        <xsl:if test="$about != ''">
          <small><xsl:value-of select="$about"/></small>
        </xsl:if>
      </dd>
    </div>
  </xsl:template>

  <!-- Where a reason was read. -->
  <xsl:template name="citation">
    <xsl:if test="@sha256">
      <span class="cite">
        <span class="artifact"><xsl:value-of select="@artifact"/></span>
        <xsl:text> </xsl:text>
        <code class="sum" title="sha256:{@sha256}"><xsl:value-of
            select="substring(@sha256, 1, 12)"/></code>
        <xsl:if test="@locator">
          <xsl:text> </xsl:text>
          <code><xsl:value-of select="@locator"/></code>
        </xsl:if>
      </span>
    </xsl:if>
  </xsl:template>

  <xsl:template match="e:gap">
    <li class="gap {@kind}">
      <span class="kind"><xsl:choose>
        <xsl:when test="@kind = 'gap'">Missing</xsl:when>
        <xsl:when test="@kind = 'mismatch'">Mismatch</xsl:when>
        <xsl:when test="@kind = 'contradiction'">Contradiction</xsl:when>
        <xsl:otherwise><xsl:value-of select="@kind"/></xsl:otherwise>
      </xsl:choose></span>
      <span class="said">
        <xsl:choose>
          <xsl:when test="not(@slug)"><xsl:value-of select="e:text"/></xsl:when>
          <xsl:when test="starts-with(e:text, @subject)">
            <a href="subjects/{@slug}.html"><xsl:value-of
                select="@subject"/></a>
            <xsl:value-of select="substring-after(e:text, @subject)"/>
          </xsl:when>
          <xsl:otherwise>
            <a href="subjects/{@slug}.html"><xsl:value-of
                select="@subject"/></a>
            <xsl:value-of select="concat(': ', e:text)"/>
          </xsl:otherwise>
        </xsl:choose>
        <xsl:call-template name="citation"/>
      </span>
    </li>
  </xsl:template>

  <!-- What the guide says, how it is decided, how it is mended. -->
  <xsl:template name="texts">
    <div class="more">
    <details>
      <summary>What the guide says</summary>
      <p class="text"><xsl:value-of select="e:discussion"/></p>
    </details>
    <details>
      <summary>How it is decided</summary>
      <p class="text"><xsl:value-of select="e:check"/></p>
    </details>
    <details>
      <summary>How to fix it</summary>
      <p class="text"><xsl:value-of select="e:fix"/></p>
    </details>
    </div>
  </xsl:template>

  <xsl:template name="requirement-meta">
    <p class="meta">
      <span><xsl:call-template name="category">
        <xsl:with-param name="severity" select="@severity"/>
      </xsl:call-template></span>
      <span><xsl:value-of select="@cci"/></span>
      <span><xsl:value-of select="concat('800-53r4 ', @r4)"/></span>
      <xsl:if test="@r5 != ''">
        <span><xsl:value-of select="concat('r5 ', @r5)"/></span>
      </xsl:if>
      <span class="rule"><xsl:value-of
          select="substring-after(@rule, '_rule_')"/></span>
    </p>
  </xsl:template>

  <xsl:template match="e:values">
    <section id="values" aria-labelledby="values-h">
      <h2 id="values-h">Thresholds in force</h2>
      <p class="lead">
        <xsl:choose>
          <xsl:when test="/e:evidence/e:benchmark/@tailoring">
            <xsl:text>Tailored by </xsl:text>
            <strong><xsl:value-of
                select="/e:evidence/e:benchmark/@profile_title"/></strong>
            <xsl:text> (</xsl:text>
            <code><xsl:value-of
                select="/e:evidence/e:benchmark/@profile"/></code>
            <xsl:text>, sha256 </xsl:text>
            <code><xsl:value-of
                select="/e:evidence/e:benchmark/@tailoring"/></code>
            <xsl:text>): what it changed stands first.</xsl:text>
          </xsl:when>
          <xsl:otherwise>The benchmark’s Values, which a tailoring can
            change.</xsl:otherwise>
        </xsl:choose>
      </p>
      <details>
        <summary><xsl:call-template name="plural">
          <xsl:with-param name="n" select="count(e:value)"/>
          <xsl:with-param name="one" select="'value'"/>
        </xsl:call-template></summary>
        <div class="scroll" role="region" tabindex="0"
            aria-label="Thresholds in force">
          <table>
            <thead><tr><th scope="col">Name</th><th scope="col">Meaning</th>
              <th scope="col">Value</th></tr></thead>
            <tbody>
              <xsl:for-each select="e:value">
                <xsl:sort select="not(@own)"/>
                <tr>
                  <th scope="row"><code><xsl:value-of
                      select="@name"/></code></th>
                  <td><xsl:value-of select="@title"/></td>
                  <td class="text"><xsl:call-template name="clip">
                    <xsl:with-param name="text" select="e:text"/>
                  </xsl:call-template>
                  <xsl:if test="@own">
                    <p><xsl:text>Tailored; the benchmark’s own: </xsl:text>
                      <xsl:call-template name="clip">
                        <xsl:with-param name="text" select="@own"/>
                      </xsl:call-template></p>
                  </xsl:if></td>
                </tr>
              </xsl:for-each>
            </tbody>
          </table>
        </div>
      </details>
    </section>
  </xsl:template>

  <xsl:template match="e:artifacts">
    <section id="evidence" aria-labelledby="evidence-h">
      <h2 id="evidence-h">Evidence</h2>
      <p class="lead">
        <xsl:choose>
          <xsl:when test="@total">Every imported file that speaks about this subject, and why it is taken to.</xsl:when>
          <xsl:otherwise>Every file that was imported, with what became of its records.</xsl:otherwise>
        </xsl:choose>
      </p>
      <div class="scroll" role="region" tabindex="0" aria-label="Evidence">
        <table class="files-of">
          <thead><tr>
            <th scope="col">File</th><th scope="col">Written by</th>
            <xsl:choose>
              <xsl:when test="@total"><th scope="col">Speaks about it</th></xsl:when>
              <xsl:otherwise><th scope="col" class="n">Subjects</th></xsl:otherwise>
            </xsl:choose>
            <th scope="col" class="n">Read</th>
            <th scope="col" class="n">Merged</th>
            <th scope="col" class="n">Not placed</th>
          </tr></thead>
          <tbody><xsl:apply-templates select="e:artifact"/></tbody>
        </table>
      </div>
      <xsl:if test="@total &gt; count(e:artifact)">
        <p><xsl:value-of select="concat('and ', @total - count(e:artifact),
            ' more')"/></p>
      </xsl:if>
    </section>
  </xsl:template>

  <xsl:template match="e:artifact">
    <tr>
      <th scope="row">
        <span class="artifact"><xsl:value-of select="@name"/></span>
        <small>
          <xsl:value-of select="concat(@format, ', ')"/>
          <xsl:call-template name="bytes">
            <xsl:with-param name="n" select="@bytes"/>
          </xsl:call-template>
          <code class="sum"><xsl:value-of
              select="concat(' sha256:', @sha256)"/></code>
        </small>
      </th>
      <td>
        <xsl:value-of select="@tool"/>
        <xsl:if test="@tool_version">
          <xsl:value-of select="concat(' ', @tool_version)"/>
        </xsl:if>
        <xsl:if test="@tool_db">
          <small><xsl:value-of select="concat('data of ',
              substring(@tool_db, 1, 10))"/></small>
        </xsl:if>
        <xsl:if test="@produced">
          <small><xsl:value-of select="concat('on ',
              substring(@produced, 1, 10))"/></small>
        </xsl:if>
      </td>
      <xsl:choose>
        <xsl:when test="@reason">
          <td>
            <xsl:value-of select="@reason"/>
            <xsl:if test="@exact = 0"><small>not by digest</small></xsl:if>
          </td>
        </xsl:when>
        <xsl:otherwise>
          <td class="n"><xsl:choose>
            <xsl:when test="@subjects = 0">none</xsl:when>
            <xsl:otherwise><xsl:value-of select="@subjects"/></xsl:otherwise>
          </xsl:choose></td>
        </xsl:otherwise>
      </xsl:choose>
      <td class="n"><xsl:value-of select="format-number(@read, '#,##0')"/></td>
      <td class="n"><xsl:value-of select="format-number(@merged, '#,##0')"/></td>
      <td class="n">
        <xsl:value-of select="format-number(@unplaced, '#,##0')"/>
        <xsl:if test="@warnings &gt; 0">
          <small><xsl:call-template name="plural">
            <xsl:with-param name="n" select="@warnings"/>
            <xsl:with-param name="one" select="'warning'"/>
          </xsl:call-template></small>
        </xsl:if>
      </td>
    </tr>
  </xsl:template>

  <xsl:template name="style"><![CDATA[
:root{--paper:#fcfbf9;--card:#fff;--ink:#1d232b;--soft:#545d69;--line:#dcd9d2;--hair:#ebe8e2;--link:#1b4f8f;
--fail:#a01a1f;--fail-bg:#fbe9e8;--error:#752a80;--error-bg:#f6e9f8;--not_reviewed:#7b4b00;--not_reviewed-bg:#fcf0d9;
--pass:#1b6140;--pass-bg:#e4f3ea;--not_applicable:#4e5764;--not_applicable-bg:#eceef1;
--s5:#8c1018;--s4:#c8452e;--s3:#d8952a;--s2:#6d93b8;--s1:#a9bccd;--s0:#8b8f96;--fill-pass:#3f946a;--fill-rest:#dca33c;--fill-fail:#bf3137;--fill-na:#c3c8cf;--fill-error:#9a4fa6}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--card:#1a1e24;--ink:#e6e4df;--soft:#a5adb8;--line:#363c45;--hair:#262b32;--link:#8fbdf2;
--fail:#ff9d95;--fail-bg:#41191a;--error:#e3a5ec;--error-bg:#38203d;--not_reviewed:#f0c271;--not_reviewed-bg:#392b10;
--pass:#86d6a9;--pass-bg:#143324;--not_applicable:#b4bcc7;--not_applicable-bg:#2a3038;
--s5:#f0767a;--s4:#e5805f;--s3:#dfab4e;--s2:#7ba3c9;--s1:#52677c;--s0:#777d86;--fill-pass:#4aa77a;--fill-rest:#c9943a;--fill-fail:#d9565a;--fill-na:#4a515b;--fill-error:#b670c1}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.15em}a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px}
h1,h2,h3{font-family:Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,"Liberation Serif",serif;line-height:1.22;font-weight:600;text-wrap:balance;margin:0}
h1{font-size:clamp(1.55rem,1.1rem + 2vw,2.3rem)}h2{font-size:1.45rem;margin:0 0 .3rem}h3{font-size:1.1rem}
code{font:.86em/1.45 ui-monospace,"Cascadia Mono","DejaVu Sans Mono",Menlo,Consolas,monospace}
small{display:block;color:var(--soft);font-size:.82rem;line-height:1.45}p{margin:.4rem 0}
.skip{position:absolute;left:-99rem;top:0;background:var(--ink);color:var(--paper);padding:.6rem 1rem;z-index:9}.skip:focus{left:0}
.away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.frame{max-width:78rem;margin:0 auto;padding:0 clamp(1rem,4vw,2.5rem)}
header.top{border-bottom:1px solid var(--line);background:var(--card)}header.top .frame{padding-top:2rem;padding-bottom:1.5rem}
.over{font-size:.78rem;letter-spacing:.09em;text-transform:uppercase;color:var(--soft);margin:0 0 .5rem}.over a{color:inherit}
.facts{display:flex;flex-wrap:wrap;gap:.15rem 1.6rem;margin:.7rem 0 0;color:var(--soft);font-size:.9rem}.facts b{color:var(--ink);font-weight:600}
.body{display:grid;grid-template-columns:minmax(0,1fr);gap:0 3rem}
nav.toc ol{list-style:none;margin:1rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;font-size:.9rem}
nav.toc a{text-decoration:none}nav.toc a:hover{text-decoration:underline}
@media (min-width:68rem){.body{grid-template-columns:11.5rem minmax(0,1fr)}nav.toc{position:sticky;top:0;align-self:start;padding-top:2.2rem;max-height:100vh;overflow:auto}nav.toc ol{display:block;margin:0;border-left:2px solid var(--hair)}nav.toc a{display:block;padding:.22rem 0 .22rem .9rem;color:var(--soft)}nav.toc a:hover{color:var(--ink)}}
main>section{padding:2.1rem 0 .4rem}.lead{color:var(--soft);max-width:46rem;margin:0 0 .9rem}
.v{display:inline-flex;align-items:center;gap:.38em;padding:.1em .55em .1em .42em;border-radius:.3em;font-size:.84rem;font-weight:600;white-space:nowrap;color:var(--not_reviewed);background:var(--not_reviewed-bg)}
.v .sign{font-weight:700;width:1em;text-align:center}
.v.pass,.v.fail,.v.error,.v.not_applicable{}.v.pass{color:var(--pass);background:var(--pass-bg)}.v.fail,.v.contradiction{color:var(--fail);background:var(--fail-bg)}.v.error{color:var(--error);background:var(--error-bg)}.v.not_applicable,.v.note{color:var(--not_applicable);background:var(--not_applicable-bg)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.6rem,1fr));gap:.7rem;margin:.9rem 0 1rem}
.figure{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem .9rem .8rem}.figure dt{margin:0}.figure dd{margin:.35rem 0 0}
.figure b{display:block;font:600 2.05rem/1.1 Charter,"Bitstream Charter",Cambria,Georgia,"Liberation Serif",serif;font-variant-numeric:lining-nums tabular-nums}
.figure .v{background:none;padding:0}
.bar{display:block;width:100%;height:.62rem;margin:0 0 .6rem;border-radius:.31rem;overflow:hidden}td .bar,.mini .bar{height:.45rem;min-width:8rem;margin:.45rem 0 .2rem}
.b-none{fill:var(--hair)}.b-fail{fill:var(--fill-fail)}.b-error{fill:var(--fill-error)}.b-not_reviewed{fill:var(--fill-rest)}.b-pass{fill:var(--fill-pass)}.b-not_applicable{fill:var(--fill-na)}
.s-critical{fill:var(--s5);background:var(--s5)}.s-high{fill:var(--s4);background:var(--s4)}.s-medium{fill:var(--s3);background:var(--s3)}.s-low{fill:var(--s2);background:var(--s2)}.s-negligible{fill:var(--s1);background:var(--s1)}.s-unknown{fill:var(--s0);background:var(--s0)}
.keys{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;margin:.6rem 0;padding:0;font-size:.9rem}.dot{display:inline-block;width:.7em;height:.7em;border-radius:.2em;margin-right:.4em}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem;background:var(--card);margin:.7rem 0 1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:left;padding:.7rem .9rem;font-weight:600}
th,td{text-align:left;vertical-align:top;padding:.5rem .8rem;border-top:1px solid var(--hair)}thead th{border-top:0;border-bottom:1px solid var(--line);font-size:.8rem;color:var(--soft);font-weight:600;vertical-align:bottom}
th,td{overflow-wrap:break-word}td code,th code,td .artifact,th .artifact{overflow-wrap:anywhere}thead th{white-space:nowrap}.matrix thead th{white-space:normal;overflow-wrap:anywhere}tbody th{font-weight:500}.subjects tbody th{min-width:17.5rem;overflow-wrap:anywhere}.subjects td{min-width:3rem}.files-of tbody th{min-width:15rem}.overview tbody th a{text-decoration:none}.overview tbody th a:hover{text-decoration:underline}.overview tbody th{min-width:14rem}.n{text-align:right;font-variant-numeric:tabular-nums}td.nowrap,th.nowrap{white-space:nowrap}
.sum{color:var(--soft)}.text{white-space:pre-line;max-width:50rem}td.text{font-size:.86rem}
.matrix th.req{min-width:17rem}.matrix td{text-align:center;vertical-align:middle;padding:.35rem .3rem}.matrix thead th{text-align:center;font-size:.78rem;max-width:11rem;vertical-align:bottom}.matrix thead th:first-child,.matrix tbody th{text-align:left}
.matrix tbody th{position:sticky;left:0;background:var(--card);z-index:1}.matrix tr.group th{background:var(--paper);font-size:.8rem;color:var(--soft);letter-spacing:.04em}
.matrix .id{display:inline-block;min-width:2.6rem;color:var(--soft);font-variant-numeric:tabular-nums}.matrix.dense .word{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.matrix.dense .v{padding:.1em .25em}.matrix.dense td{padding:.25rem .1rem}.matrix.dense tbody th{max-width:20rem;min-width:11rem}
.matrix td.rolled .v{background:none}
.req{}article{border-top:1px solid var(--line);padding:1.3rem 0 1.1rem}article:first-of-type{border-top:0}
article .title{display:flex;gap:.4rem 1rem;align-items:baseline;justify-content:space-between;flex-wrap:wrap}article h3{flex:1 1 22rem}article h3 .id{color:var(--soft);margin-right:.5em;font-variant-numeric:tabular-nums}
.meta{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;color:var(--soft);font-size:.84rem;margin:.3rem 0 .5rem}
.reasons{list-style:none;margin:.5rem 0;padding:0}.reasons li{display:grid;grid-template-columns:8.6rem minmax(0,1fr);gap:.1rem .9rem;padding:.42rem 0;border-top:1px solid var(--hair)}.reasons li:first-child{border-top:0}.reasons .v{justify-self:start;align-self:start;font-size:.78rem}
.cite{display:block;color:var(--soft);font-size:.83rem;line-height:1.5}.cite code{font-size:.95em}.cite .artifact{color:var(--ink)}
@media (max-width:36rem){.reasons li{grid-template-columns:minmax(0,1fr)}th,td{padding:.45rem .55rem}.matrix th.req{min-width:10.5rem}.matrix.small thead th{min-width:6.5rem}.matrix.small .word{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}}
details{margin:.3rem 0}.more{display:flex;flex-wrap:wrap;gap:0 1.6rem}.more details[open]{flex-basis:100%}summary{cursor:pointer;color:var(--link);font-size:.9rem;padding:.1rem 0}details[open]>summary{margin-bottom:.2rem}
.gaps{list-style:none;margin:.6rem 0 0;padding:0;border:1px solid var(--line);border-left:.3rem solid var(--fill-rest);border-radius:.4rem;background:var(--card)}.gap{display:grid;grid-template-columns:7.5rem minmax(0,1fr);gap:.1rem 1rem;padding:.6rem 1rem;border-top:1px solid var(--hair)}.gap:first-child{border-top:0}.gap .kind{font-weight:600;font-size:.86rem;color:var(--not_reviewed)}.gap.contradiction .kind,.gap.mismatch .kind{color:var(--fail)}
@media (max-width:36rem){.gap{grid-template-columns:minmax(0,1fr)}}
.none{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.7rem 1rem;color:var(--soft)}
dl.pairs{display:grid;grid-template-columns:minmax(7rem,max-content) minmax(0,1fr);gap:.3rem 1.4rem;margin:.6rem 0}dl.pairs dt{color:var(--soft);font-size:.9rem}dl.pairs dd{margin:0}
.files{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;padding:0;margin:.4rem 0;list-style:none}
footer{border-top:1px solid var(--line);margin:2.5rem 0 3rem;padding-top:1rem;color:var(--soft);font-size:.84rem}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--hair:#ddd;--link:#000;--fail:#900;--fail-bg:#fff;--error:#606;--error-bg:#fff;--not_reviewed:#640;--not_reviewed-bg:#fff;--pass:#064;--pass-bg:#fff;--not_applicable:#444;--not_applicable-bg:#fff}
details::details-content{content-visibility:visible;block-size:auto}@page{margin:16mm 14mm}html{font-size:9.5pt}body{font-size:1rem}nav.toc,.skip{display:none}.body{display:block}.frame{max-width:none;padding:0}.scroll{overflow:visible;border:0}.matrix tbody th{position:static}article .title,.reasons li,tr,.gap,.figure{break-inside:avoid}h2,h3,.lead,.title,.meta,summary{break-after:avoid}.figures{grid-template-columns:repeat(5,1fr)}a{text-decoration:none}.v{border:.5pt solid currentColor;padding:0 .4em}.figure .v{border:0}.bar,.dot{print-color-adjust:exact;-webkit-print-color-adjust:exact}main>section{padding:1rem 0 .2rem}thead{display:table-header-group}}
]]></xsl:template>
</xsl:stylesheet>
