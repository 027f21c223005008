<?xml version="1.0"?>
<!--
  page.xsl - what the pages for people share: their frame, their look, how a
  verdict, a bar, a citation and a size are shown.

  A page is one file and fetches nothing: its style (page.css) and its script
  (page.js) are in it, and its policy allows the browser these two, by their
  sums, and nothing else.  Without the script all is there to read.  Untrusted
  text is text everywhere, never an address: links lead to our own pages and
  sections only.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">
  <xsl:import href="details.xsl"/>
  <xsl:output method="html" encoding="UTF-8" indent="no"
      doctype-system="about:legacy-compat"/>

  <xsl:param name="style"/>
  <xsl:param name="style-sum"/>
  <xsl:param name="script"/>
  <xsl:param name="script-sum"/>
  <!-- The way from the page to index.html. -->
  <xsl:variable name="up"><xsl:if test="/e:evidence/@kind !=
      'package'">../</xsl:if></xsl:variable>

  <xsl:template name="page-head">
    <xsl:param name="title"/>
    <head>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{$style-sum}'; script-src '{$script-sum}'; base-uri 'none'; form-action 'none'"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <meta name="generator" content="muster {/e:evidence/@muster}"/>
      <title><xsl:value-of select="$title"/></title>
      <style><xsl:value-of select="$style"/></style>
    </head>
  </xsl:template>

  <!-- How the whole is marked: the first and the last thing on a page. -->
  <xsl:template name="marking">
    <xsl:if test="/e:evidence/@marking != ''">
      <div class="marking"><xsl:value-of
          select="/e:evidence/@marking"/></div>
    </xsl:if>
  </xsl:template>

  <!-- The top of a page: marking, way back, title. -->
  <xsl:template name="page-top">
    <xsl:param name="over"/>
    <xsl:param name="title"/>
    <xsl:param name="here"/>
    <xsl:param name="facts"/>
    <xsl:call-template name="marking"/>
    <header class="top">
      <div class="frame">
        <p class="over"><xsl:value-of select="$over"/></p>
        <h1><xsl:value-of select="$title"/></h1>
        <p class="facts">
          <span><b>As of </b><xsl:call-template name="time">
            <xsl:with-param name="at" select="/e:evidence/@as_of"/>
          </xsl:call-template></span>
          <xsl:copy-of select="$facts"/>
        </p>
        <nav aria-label="The whole package">
          <ul class="site">
            <li><xsl:call-template name="site-link">
              <xsl:with-param name="to" select="'index.html'"/>
              <xsl:with-param name="text" select="'Brief'"/>
              <xsl:with-param name="here" select="$here"/>
            </xsl:call-template></li>
            <li><xsl:call-template name="site-link">
              <xsl:with-param name="to" select="'index.html#subjects'"/>
              <xsl:with-param name="text" select="'Images and workloads'"/>
            </xsl:call-template></li>
            <li><xsl:call-template name="site-link">
              <xsl:with-param name="to" select="'index.html#requirements'"/>
              <xsl:with-param name="text" select="'Requirements'"/>
            </xsl:call-template></li>
            <li><xsl:call-template name="site-link">
              <xsl:with-param name="to" select="'controls.html'"/>
              <xsl:with-param name="text" select="'Controls'"/>
              <xsl:with-param name="here" select="$here"/>
            </xsl:call-template></li>
            <xsl:if test="/e:evidence/e:posture/e:changes">
              <li><xsl:call-template name="site-link">
                <xsl:with-param name="to" select="'changes.html'"/>
                <xsl:with-param name="text" select="'What changed'"/>
                <xsl:with-param name="here" select="$here"/>
              </xsl:call-template></li>
            </xsl:if>
          </ul>
        </nav>
      </div>
    </header>
  </xsl:template>

  <xsl:template name="site-link">
    <xsl:param name="to"/>
    <xsl:param name="text"/>
    <xsl:param name="here"/>
    <a href="{$up}{$to}">
      <xsl:if test="$here = $to">
        <xsl:attribute name="aria-current">page</xsl:attribute>
      </xsl:if>
      <xsl:value-of select="$text"/>
    </a>
  </xsl:template>

  <!-- The end of a page's body. -->
  <xsl:template name="page-end">
    <xsl:call-template name="marking"/>
    <script><xsl:value-of select="$script"/></script>
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

  <!-- The days of a date, counted from some day. -->
  <xsl:template name="days">
    <xsl:param name="at"/>
    <xsl:variable name="m" select="number(substring($at, 6, 2))"/>
    <xsl:variable name="late" select="number($m &lt;= 2)"/>
    <xsl:variable name="y" select="number(substring($at, 1, 4)) - $late"/>
    <xsl:value-of select="365 * $y + floor($y div 4) - floor($y div 100) +
        floor($y div 400) + floor((153 * ($m + 12 * $late - 3) + 2) div 5) +
        number(substring($at, 9, 2))"/>
  </xsl:template>

  <xsl:template name="date">
    <xsl:param name="at"/>
    <xsl:variable name="month" select="number(substring($at, 6, 2))"/>
    <time datetime="{substring($at, 1, 10)}"><xsl:value-of select="concat(
        number(substring($at, 9, 2)), ' ',
        substring('JanFebMarAprMayJunJulAugSepOctNovDec',
        $month * 3 - 2, 3), ' ', substring($at, 1, 4))"/></time>
  </xsl:template>

  <xsl:template name="anchor">
    <xsl:param name="to"/>
    <xsl:param name="of"/>
    <a class="anchor" href="#{$to}" aria-label="Link to {$of}">#</a>
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

  <xsl:template name="issue-head">
    <thead><tr><th scope="col">Vulnerability</th>
      <th scope="col" data-filter="1">Severity</th>
      <th scope="col">Package</th>
      <th scope="col" data-filter="1">Fix</th>
      <th scope="col">Sources</th></tr></thead>
  </xsl:template>

  <!-- Sorted by rank, filtered by the word. -->
  <xsl:template name="severity-cell">
    <td class="nowrap" data-f="{@severity}">
      <xsl:attribute name="data-v"><xsl:choose>
        <xsl:when test="@severity = 'critical'">5</xsl:when>
        <xsl:when test="@severity = 'high'">4</xsl:when>
        <xsl:when test="@severity = 'medium'">3</xsl:when>
        <xsl:when test="@severity = 'low'">2</xsl:when>
        <xsl:when test="@severity = 'negligible'">1</xsl:when>
        <xsl:otherwise>0</xsl:otherwise>
      </xsl:choose></xsl:attribute>
      <span class="dot s-{@severity}"/><xsl:value-of select="@severity"/>
      <xsl:if test="@kev"><br/><strong><xsl:value-of
          select="concat('known exploited, due ', @kev)"/></strong></xsl:if>
      <xsl:if test="@epss"><br/><xsl:value-of
          select="concat('EPSS ', @epss)"/></xsl:if>
    </td>
  </xsl:template>

  <!-- The marking of a verdict or a finding, where it has its own. -->
  <xsl:template name="portion">
    <xsl:if test="@marking"><span class="portion"><xsl:value-of
        select="concat('(', @marking, ') ')"/></span></xsl:if>
  </xsl:template>

  <xsl:template match="e:issue">
    <xsl:param name="at" select="position()"/>
    <tr id="i-{$at}" data-row="1">
      <th scope="row" class="nowrap"><xsl:call-template
          name="portion"/><xsl:value-of select="@id"/>
        <xsl:if test="@waived = 1"><br/><span
            class="waived">waived</span></xsl:if></th>
      <xsl:call-template name="severity-cell"/>
      <td><xsl:value-of select="concat(@package, ' ')"/><code><xsl:value-of
          select="@version"/></code></td>
      <td>
        <xsl:attribute name="data-f"><xsl:choose>
          <xsl:when test="@fixable = 0">none named</xsl:when>
          <xsl:otherwise>there is one</xsl:otherwise>
        </xsl:choose></xsl:attribute>
        <xsl:choose>
          <xsl:when test="@fixable = 0">none named</xsl:when>
          <xsl:when test="e:source/@fixed_in"><xsl:value-of
              select="e:source[@fixed_in]/@fixed_in"/></xsl:when>
          <xsl:otherwise>yes</xsl:otherwise>
        </xsl:choose></td>
      <td>
        <xsl:for-each select="e:source">
          <xsl:if test="position() &gt; 1">, </xsl:if>
          <xsl:value-of select="@tool"/>
          <xsl:if test="@word">
            <xsl:value-of select="concat(' “', @word, '”')"/>
          </xsl:if>
        </xsl:for-each>
      </td>
    </tr>
  </xsl:template>

  <!-- The lines a reason was read from; credentials are masked already. -->
  <xsl:template match="e:excerpt">
    <div class="excerpt" tabindex="0" role="group" aria-label="Excerpt">
      <xsl:for-each select="e:line">
        <code>
          <xsl:if test="@here"><xsl:attribute
              name="class">here</xsl:attribute></xsl:if>
          <i><xsl:value-of select="@n"/></i>
          <xsl:value-of select="."/>
        </code>
      </xsl:for-each>
    </div>
  </xsl:template>

  <xsl:template match="e:reason">
    <li>
      <xsl:call-template name="verdict">
        <xsl:with-param name="of" select="@role"/>
      </xsl:call-template>
      <div>
        <xsl:value-of select="e:text"/>
        <xsl:call-template name="citation"/>
        <xsl:apply-templates select="e:excerpt[e:line]"/>
      </div>
    </li>
  </xsl:template>

  <!-- What people decided about a verdict or an issue. -->
  <xsl:template match="e:covered">
    <li>
      <span class="waived"><xsl:choose>
        <xsl:when test="@in_force = 1">In force</xsl:when>
        <xsl:otherwise><xsl:value-of select="@state"/></xsl:otherwise>
      </xsl:choose></span>
      <div><xsl:value-of select="concat(translate(@kind, '_', ' '), ', ',
          @state, ' ')"/>
        <a href="{$up}index.html#d-{@by}"><code><xsl:value-of
            select="substring(@by, 1, 8)"/></code></a></div>
    </li>
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
            <a href="{$up}subjects/{@slug}.html"><xsl:value-of
                select="@subject"/></a>
            <xsl:value-of select="substring-after(e:text, @subject)"/>
          </xsl:when>
          <xsl:otherwise>
            <a href="{$up}subjects/{@slug}.html"><xsl:value-of
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
      <span><a href="{$up}controls.html#c-{translate(@r4,
          ' ()', '-')}"><xsl:value-of select="concat('800-53r4 ',
          @r4)"/></a></span>
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
        <div class="scroll" role="group" tabindex="0"
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
      <div class="scroll" role="group" tabindex="0" aria-label="Evidence">
        <table class="files-of" data-tools="Evidence">
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
        <p><a href="{$up}evidence/{/e:evidence/e:subject/@slug}-1.html"><xsl:value-of
            select="concat('All ', @total)"/></a></p>
      </xsl:if>
    </section>
  </xsl:template>

  <xsl:template match="e:artifact">
    <xsl:param name="at"/>
    <tr>
      <xsl:if test="$at"><xsl:attribute
          name="data-row">1</xsl:attribute></xsl:if>
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

</xsl:stylesheet>
