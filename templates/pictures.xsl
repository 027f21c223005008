<?xml version="1.0"?>
<!--
  pictures.xsl - drawings, as SVG in the page.

  Each has a name and says in words what it shows; what it is drawn from stands
  in a table beside it.
-->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">

  <!-- Requirements against subjects: a square each.  The key "cell" finds a
       verdict by slug and requirement. -->
  <xsl:template name="picture-matrix">
    <xsl:param name="of"/>
    <xsl:param name="against"/>
    <xsl:param name="id"/>
    <xsl:param name="title"/>
    <xsl:variable name="left" select="250"/>
    <xsl:variable name="step" select="24"/>
    <div class="wide" tabindex="0" role="group" aria-label="{$title}">
    <svg class="pic" role="img" aria-labelledby="{$id}"
        viewBox="0 0 {$left + $step * count($against) + 6} {34 + $step * count($of)}">
      <title id="{$id}"><xsl:value-of select="concat($title, ': ',
          count($of), ' rows, ', count($against),
          ' requirements. The table below says the same in words.')"/></title>
      <xsl:for-each select="$against">
        <text x="{$left + $step * (position() - 1) + 11}" y="22"
            text-anchor="middle" class="soft tiny"><xsl:value-of
            select="@id"/></text>
      </xsl:for-each>
      <xsl:for-each select="$of">
        <xsl:variable name="y" select="30 + $step * (position() - 1)"/>
        <xsl:variable name="slug" select="@slug"/>
        <xsl:variable name="here" select="."/>
        <text x="{$left - 8}" y="{$y + 15}" text-anchor="end">
          <xsl:choose>
            <xsl:when test="string-length(@name) &gt; 38"><xsl:value-of
                select="concat('…', substring(@name,
                string-length(@name) - 36))"/></xsl:when>
            <xsl:otherwise><xsl:value-of select="@name"/></xsl:otherwise>
          </xsl:choose>
        </text>
        <xsl:for-each select="$against">
          <xsl:variable name="x" select="$left + $step * (position() - 1)"/>
          <xsl:variable name="rid" select="@id"/>
          <xsl:for-each select="$here">
            <xsl:variable name="one"
                select="key('cell', concat($slug, ' ', $rid))"/>
            <xsl:choose>
              <xsl:when test="not($one)">
                <rect class="c-none" x="{$x + 9}" y="{$y + 9}" width="4"
                    height="4" rx="2"/>
              </xsl:when>
              <xsl:when test="$one/@verdict = 'fail' and $one/@waived = 1">
                <rect class="c-waived" x="{$x + 2}" y="{$y + 2}" width="18"
                    height="18" rx="3"/>
                <text class="mark m-waived" x="{$x + 11}" y="{$y + 15}">✕</text>
              </xsl:when>
              <xsl:otherwise>
                <rect class="c-{$one/@verdict}" x="{$x + 1}" y="{$y + 1}"
                    width="20" height="20" rx="3"/>
                <text class="mark" x="{$x + 11}" y="{$y + 15}"><xsl:call-template
                    name="sign"><xsl:with-param name="of"
                    select="$one/@verdict"/></xsl:call-template></text>
              </xsl:otherwise>
            </xsl:choose>
          </xsl:for-each>
        </xsl:for-each>
      </xsl:for-each>
    </svg>
    </div>
  </xsl:template>

  <!-- Which scanners saw the same: a column for each set of them. -->
  <xsl:template match="e:overlap" mode="picture">
    <xsl:variable name="tools" select="e:tool"/>
    <xsl:variable name="seen" select="e:seen"/>
    <xsl:variable name="most"><xsl:for-each select="$seen"><xsl:sort
        select="@n" data-type="number" order="descending"/><xsl:if
        test="position() = 1"><xsl:value-of
        select="@n"/></xsl:if></xsl:for-each></xsl:variable>
    <xsl:variable name="left" select="150"/>
    <xsl:variable name="step" select="46"/>
    <xsl:variable name="wide"><xsl:choose>
      <xsl:when test="count($seen) &gt; 10"><xsl:value-of
          select="$left + $step * count($seen)"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$left + $step * 10"/></xsl:otherwise>
    </xsl:choose></xsl:variable>
    <figure>
      <svg class="pic half" role="img" aria-labelledby="p-overlap"
          viewBox="0 0 {$wide} {128 + 24 * count($tools)}">
        <title id="p-overlap">
          <xsl:text>How many issues each set of scanners reports: </xsl:text>
          <xsl:for-each select="$seen">
            <xsl:if test="position() &gt; 1">; </xsl:if>
            <xsl:value-of select="concat(translate(@tools, '|', '+'), ' ',
                @n)"/>
          </xsl:for-each>
        </title>
        <line class="tick" x1="{$left}" y1="110.5" x2="{$wide}" y2="110.5"/>
        <xsl:for-each select="$seen">
          <xsl:variable name="x" select="$left + $step * (position() - 1)"/>
          <xsl:variable name="h" select="@n * 84 div $most"/>
          <xsl:variable name="said" select="concat('|', @tools, '|')"/>
          <rect class="size" x="{$x + 8}" width="30" rx="2"
              y="{format-number(110 - $h, '0.#')}"
              height="{format-number($h, '0.#')}"/>
          <text x="{$x + 23}" y="{format-number(104 - $h, '0.#')}"
              text-anchor="middle"><xsl:value-of
              select="format-number(@n, '#,##0')"/></text>
          <xsl:for-each select="$tools">
            <circle cx="{$x + 23}" cy="{124 + 24 * (position() - 1)}" r="6">
              <xsl:attribute name="class"><xsl:choose>
                <xsl:when test="contains($said, concat('|', @tool,
                    '|'))">on</xsl:when>
                <xsl:otherwise>off</xsl:otherwise>
              </xsl:choose></xsl:attribute>
            </circle>
          </xsl:for-each>
        </xsl:for-each>
        <xsl:for-each select="$tools">
          <text x="{$left - 10}" y="{128 + 24 * (position() - 1)}"
              text-anchor="end"><xsl:value-of select="concat(substring(@tool,
              1, 16), ' ', @n)"/></text>
        </xsl:for-each>
      </svg>
      <figcaption>Each column counts the issues that exactly the scanners with a filled dot report.</figcaption>
    </figure>
  </xsl:template>

  <!-- The layers of an image from the top, how large they are, and what was
       found in them. -->
  <xsl:template match="e:layers" mode="picture">
    <xsl:variable name="layers" select="e:layer"/>
    <xsl:variable name="placed" select="../e:placed"/>
    <xsl:variable name="most"><xsl:for-each select="$layers"><xsl:sort
        select="@tar_bytes" data-type="number" order="descending"/><xsl:if
        test="position() = 1"><xsl:value-of
        select="@tar_bytes + 1"/></xsl:if></xsl:for-each></xsl:variable>
    <xsl:variable name="issues" select="sum($placed/e:at/@n)"/>
    <figure>
      <div class="wide" tabindex="0" role="group" aria-label="Layer map">
      <svg class="pic" role="img" aria-labelledby="p-layers"
          viewBox="0 0 900 {30 + 40 * count($layers)}">
        <title id="p-layers">Layers from the top, their sizes, the issues found in their files and the requirements that fail because of them. The table of layers says the same in words.</title>
        <text class="soft" x="0" y="16">Layer</text>
        <text class="soft" x="44" y="16">Made by, and size</text>
        <text class="soft" x="500" y="16">Vulnerabilities found in it</text>
        <text class="soft" x="720" y="16">Fails because of it</text>
        <xsl:for-each select="$layers">
          <xsl:sort select="@n" data-type="number" order="descending"/>
          <xsl:variable name="n" select="@n"/>
          <xsl:variable name="y" select="26 + 40 * (position() - 1)"/>
          <xsl:variable name="w" select="2 + @tar_bytes * 330 div $most"/>
          <line class="tick" x1="0" y1="{$y}.5" x2="900" y2="{$y}.5"/>
          <text x="8" y="{$y + 24}"><xsl:value-of select="@n"/></text>
          <!-- the instruction, without the shell that Docker writes before -->
          <xsl:variable name="by"><xsl:choose>
            <xsl:when test="contains(e:made_by, '#(nop) ')"><xsl:value-of
                select="substring-after(e:made_by, '#(nop) ')"/></xsl:when>
            <xsl:when test="contains(e:made_by, '/bin/sh -c ')"><xsl:value-of
                select="concat('RUN ', substring-after(e:made_by,
                '/bin/sh -c '))"/></xsl:when>
            <xsl:otherwise><xsl:value-of
                select="e:made_by"/></xsl:otherwise>
          </xsl:choose></xsl:variable>
          <text x="44" y="{$y + 16}"><xsl:value-of
              select="substring(normalize-space($by), 1, 62)"/><xsl:if
              test="string-length(normalize-space($by)) &gt; 62">…</xsl:if></text>
          <rect class="size" x="44" y="{$y + 22}" height="9" rx="1"
              width="{format-number($w, '0.#')}"/>
          <xsl:if test="@wasted &gt; 0">
            <rect class="waste" x="44" y="{$y + 31}" height="3"
                width="{format-number(1 + @wasted * 330 div $most, '0.#')}"/>
          </xsl:if>
          <text class="soft" x="{format-number(50 + $w, '0')}" y="{$y + 31}">
            <xsl:call-template name="bytes">
              <xsl:with-param name="n" select="@tar_bytes"/>
            </xsl:call-template>
          </text>
          <xsl:variable name="at" select="$placed/e:at[@layer = $n]"/>
          <xsl:if test="$at">
            <xsl:for-each select="$at">
              <xsl:variable name="before"
                  select="sum(preceding-sibling::e:at[@layer = $n]/@n)"/>
              <rect class="s-{@severity}" y="{$y + 12}" height="16"
                  x="{format-number(500 + $before * 150 div $issues, '0.#')}"
                  width="{format-number(@n * 150 div $issues, '0.#')}"/>
            </xsl:for-each>
            <text y="{$y + 25}" x="{format-number(506 + sum($at/@n) * 150
                div $issues, '0')}"><xsl:value-of
                select="format-number(sum($at/@n), '#,##0')"/></text>
          </xsl:if>
          <text x="720" y="{$y + 25}">
            <xsl:for-each select="$placed/e:fault[@layer = $n]">
              <xsl:if test="position() &gt; 1">, </xsl:if>
              <xsl:value-of select="@requirement"/>
            </xsl:for-each>
          </text>
        </xsl:for-each>
      </svg>
      </div>
      <figcaption>
        <xsl:text>Bars are sizes (below them: what a later layer hides or replaces). </xsl:text>
        <xsl:if test="$placed/e:at[not(@layer)]">
          <xsl:call-template name="plural">
            <xsl:with-param name="n"
                select="sum($placed/e:at[not(@layer)]/@n)"/>
            <xsl:with-param name="one" select="'issue'"/>
          </xsl:call-template>
          <xsl:text> could not be placed: no report names a file of the image.</xsl:text>
        </xsl:if>
      </figcaption>
    </figure>
  </xsl:template>

  <!-- Failed and undecided verdicts over the assessments; issues, on a scale
       of their own. -->
  <xsl:template match="e:trend" mode="picture">
    <xsl:variable name="all" select="e:assessment"/>
    <xsl:variable name="n" select="count($all)"/>
    <xsl:variable name="most"><xsl:call-template name="picture-most">
      <xsl:with-param name="of" select="$all/@fail | $all/@not_reviewed"/>
    </xsl:call-template></xsl:variable>
    <xsl:variable name="issues"><xsl:call-template name="picture-most">
      <xsl:with-param name="of" select="$all/@issues"/>
    </xsl:call-template></xsl:variable>
    <figure>
      <svg class="pic half" role="img" aria-labelledby="p-trend"
          viewBox="0 0 480 176">
        <title id="p-trend">
          <xsl:value-of select="concat('Over ', $n, ' assessments: failed ',
              $all[1]/@fail, ' to ', $all[last()]/@fail, ', not reviewed ',
              $all[1]/@not_reviewed, ' to ', $all[last()]/@not_reviewed,
              ', issues ', $all[1]/@issues, ' to ', $all[last()]/@issues)"/>
        </title>
        <line class="tick" x1="8" y1="120.5" x2="472" y2="120.5"/>
        <line class="tick" x1="8" y1="10.5" x2="472" y2="10.5"/>
        <xsl:call-template name="picture-line">
          <xsl:with-param name="points" select="$all/@issues"/>
          <xsl:with-param name="most" select="$issues"/>
          <xsl:with-param name="class" select="'issues'"/>
        </xsl:call-template>
        <xsl:call-template name="picture-line">
          <xsl:with-param name="points" select="$all/@not_reviewed"/>
          <xsl:with-param name="most" select="$most"/>
          <xsl:with-param name="class" select="'rest'"/>
        </xsl:call-template>
        <xsl:call-template name="picture-line">
          <xsl:with-param name="points" select="$all/@fail"/>
          <xsl:with-param name="most" select="$most"/>
          <xsl:with-param name="class" select="'fail'"/>
        </xsl:call-template>
        <text class="soft" x="8" y="138"><xsl:value-of
            select="substring($all[1]/@as_of, 1, 10)"/></text>
        <text class="soft" x="472" y="138" text-anchor="end"><xsl:value-of
            select="substring($all[last()]/@as_of, 1, 10)"/></text>
        <rect class="dot-fail" x="8" y="155" width="14" height="5"/>
        <text x="28" y="163"><xsl:value-of select="concat($all[1]/@fail,
            ' → ', $all[last()]/@fail, ' fail')"/></text>
        <rect class="dot-rest" x="148" y="155" width="14" height="5"/>
        <text x="168" y="163"><xsl:value-of select="concat(
            $all[1]/@not_reviewed, ' → ', $all[last()]/@not_reviewed,
            ' not reviewed')"/></text>
        <rect class="dot-issues" x="318" y="155" width="14" height="5"/>
        <text x="338" y="163"><xsl:value-of select="concat(
            $all[1]/@issues, ' → ', $all[last()]/@issues,
            ' issues')"/></text>
      </svg>
      <figcaption>Issues are drawn on a scale of their own.</figcaption>
    </figure>
  </xsl:template>

  <xsl:template name="picture-most">
    <xsl:param name="of"/>
    <xsl:for-each select="$of">
      <xsl:sort select="." data-type="number" order="descending"/>
      <xsl:if test="position() = 1"><xsl:value-of select=". + 1"/></xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="picture-line">
    <xsl:param name="points"/>
    <xsl:param name="most"/>
    <xsl:param name="class"/>
    <xsl:variable name="step" select="448 div (count($points) - 1)"/>
    <polyline class="line-{$class}">
      <xsl:attribute name="points">
        <xsl:for-each select="$points">
          <xsl:value-of select="concat(format-number(16 + (position() - 1) *
              $step, '0.#'), ',', format-number(120 - . * 106 div $most,
              '0.#'), ' ')"/>
        </xsl:for-each>
      </xsl:attribute>
    </polyline>
    <xsl:for-each select="$points">
      <circle class="dot-{$class}" r="3"
          cx="{format-number(16 + (position() - 1) * $step, '0.#')}"
          cy="{format-number(120 - . * 106 div $most, '0.#')}"/>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
