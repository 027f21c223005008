<?xml version="1.0"?>
<!-- list.xsl - a part of a list that is too long for its subject's page. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">
  <xsl:import href="page.xsl"/>

  <xsl:variable name="part" select="/e:evidence/e:part"/>
  <xsl:variable name="about" select="$part/e:about"/>
  <xsl:variable name="stem"><xsl:choose>
    <xsl:when test="$about"><xsl:value-of select="$about/@slug"/></xsl:when>
    <xsl:otherwise>all</xsl:otherwise>
  </xsl:choose></xsl:variable>
  <xsl:variable name="title"><xsl:choose>
    <xsl:when test="$part/@of = 'findings'">Vulnerabilities</xsl:when>
    <xsl:when test="$part/@of = 'packages'">Packages</xsl:when>
    <xsl:when test="$part/@of = 'reasons'">All reasons</xsl:when>
    <xsl:when test="$part/@of = 'rules'">STIG rules that did not pass</xsl:when>
    <xsl:when test="$part/@of = 'alone'">Reported by one scanner only</xsl:when>
    <xsl:when test="$part/@of = 'gaps'">Gaps</xsl:when>
    <xsl:when test="$part/@of = 'facts'">What the evidence says it is made of</xsl:when>
    <xsl:when test="$part/@of = 'evidence'">Evidence</xsl:when>
    <xsl:otherwise>Deployment</xsl:otherwise>
  </xsl:choose></xsl:variable>

  <xsl:template match="/e:evidence">
    <html lang="en">
      <xsl:call-template name="page-head">
        <xsl:with-param name="title" select="concat($title, ' – ',
            $about/@name, ' – part ', $part/@page)"/>
      </xsl:call-template>
      <body>
        <a class="skip" href="#main">Skip to the rows</a>
        <xsl:call-template name="page-top">
          <xsl:with-param name="over" select="$about/@name"/>
          <xsl:with-param name="title" select="$title"/>
          <xsl:with-param name="facts">
            <span><xsl:value-of select="concat('Rows ',
                format-number($part/@from, '#,##0'), ' to ',
                format-number($part/@from + count($part/*[not(self::e:about)])
                - 1, '#,##0'), ' of ', format-number($part/@total,
                '#,##0'))"/></span>
            <xsl:if test="$about">
              <span><a href="../subjects/{$about/@slug}.html">Back to <xsl:value-of
                  select="$about/@name"/></a></span>
            </xsl:if>
          </xsl:with-param>
        </xsl:call-template>
        <main id="main" class="frame">
          <section id="rows" aria-label="{$title}">
            <xsl:call-template name="pages">
              <xsl:with-param name="label" select="'Parts'"/>
            </xsl:call-template>
            <xsl:apply-templates select="$part" mode="rows"/>
            <xsl:call-template name="pages">
              <xsl:with-param name="label" select="'Parts, again'"/>
            </xsl:call-template>
          </section>
          <xsl:call-template name="page-foot"/>
        </main>
        <xsl:call-template name="page-end"/>
      </body>
    </html>
  </xsl:template>

  <!-- The first, the last, and those around this one. -->
  <xsl:template name="pages">
    <xsl:param name="label"/>
    <xsl:if test="$part/@pages &gt; 1">
      <nav aria-label="{$label}">
        <ul class="pages">
          <xsl:call-template name="page-links">
            <xsl:with-param name="n" select="1"/>
          </xsl:call-template>
        </ul>
      </nav>
    </xsl:if>
  </xsl:template>

  <xsl:template name="page-links">
    <xsl:param name="n"/>
    <xsl:variable name="near" select="3"/>
    <xsl:choose>
      <xsl:when test="$n = $part/@page">
        <li><b aria-current="page"><xsl:value-of select="$n"/></b></li>
      </xsl:when>
      <xsl:otherwise>
        <li><a href="{$stem}-{$n}.html"><xsl:value-of select="$n"/></a></li>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:variable name="next"><xsl:choose>
      <xsl:when test="$n + 1 &lt; $part/@page - $near"><xsl:value-of
          select="$part/@page - $near"/></xsl:when>
      <xsl:when test="$n + 1 &gt; $part/@page + $near and
          $n &lt; $part/@pages"><xsl:value-of select="$part/@pages"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$n + 1"/></xsl:otherwise>
    </xsl:choose></xsl:variable>
    <xsl:if test="$next &lt;= $part/@pages">
      <xsl:if test="$next &gt; $n + 1"><li><span>…</span></li></xsl:if>
      <xsl:call-template name="page-links">
        <xsl:with-param name="n" select="number($next)"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="e:part" mode="rows">
    <div class="scroll" role="group" tabindex="0" aria-label="{$title}">
      <table data-tools="{$title}">
        <xsl:choose>
          <xsl:when test="e:issue"><xsl:call-template name="issue-head"/></xsl:when>
          <xsl:when test="e:package"><thead><tr>
            <th scope="col">Package</th><th scope="col">Version</th>
            <th scope="col" data-filter="1">Type</th>
            <th scope="col">Source</th><th scope="col" class="n">Size</th>
            <th scope="col" data-filter="1">Listed by</th>
          </tr></thead></xsl:when>
          <xsl:when test="e:reason"><thead><tr>
            <th scope="col" data-filter="1">Requirement</th>
            <th scope="col" data-filter="1">Says</th>
            <th scope="col">Reason</th>
          </tr></thead></xsl:when>
          <xsl:when test="e:rule"><thead><tr>
            <th scope="col">Rule</th>
            <th scope="col" data-filter="1">Result</th>
            <th scope="col" data-filter="1">CAT</th>
            <th scope="col" data-filter="1">File</th>
          </tr></thead></xsl:when>
          <xsl:when test="e:lone"><thead><tr>
            <th scope="col">Vulnerability</th>
            <th scope="col" data-filter="1">Severity</th>
            <th scope="col">Package</th>
            <th scope="col" data-filter="1">Scanner</th>
            <th scope="col">What may explain it</th>
          </tr></thead></xsl:when>
          <xsl:when test="e:fact"><thead><tr>
            <th scope="col" data-filter="1">Name</th>
            <th scope="col">Key</th><th scope="col">Value</th>
          </tr></thead></xsl:when>
          <xsl:when test="e:artifact"><thead><tr>
            <th scope="col">File</th><th scope="col">Written by</th>
            <th scope="col">Speaks about it</th>
            <th scope="col" class="n">Read</th>
            <th scope="col" class="n">Merged</th>
            <th scope="col" class="n">Not placed</th>
          </tr></thead></xsl:when>
          <xsl:when test="e:gap"><thead><tr>
            <th scope="col" data-filter="1">Kind</th>
            <th scope="col">What</th>
          </tr></thead></xsl:when>
          <xsl:otherwise><thead><tr>
            <th scope="col">Name</th><th scope="col">Because</th>
          </tr></thead></xsl:otherwise>
        </xsl:choose>
        <tbody><xsl:apply-templates
            select="*[not(self::e:about)]" mode="row"/></tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template match="e:issue | e:artifact" mode="row">
    <xsl:apply-templates select=".">
      <xsl:with-param name="at" select="$part/@from + position() - 1"/>
    </xsl:apply-templates>
  </xsl:template>

  <xsl:template name="at">
    <xsl:attribute name="id"><xsl:value-of select="concat('i-',
        $part/@from + position() - 1)"/></xsl:attribute>
    <xsl:attribute name="data-row">1</xsl:attribute>
  </xsl:template>

  <xsl:template match="e:package" mode="row">
    <tr><xsl:call-template name="at"/>
      <th scope="row"><xsl:value-of select="@name"/></th>
      <td><code><xsl:value-of select="@version"/></code></td>
      <td><xsl:value-of select="@type"/></td>
      <td><xsl:value-of select="@source"/></td>
      <td class="n nowrap" data-v="{@size}"><xsl:if
          test="@size &gt; 0"><xsl:call-template name="bytes">
        <xsl:with-param name="n" select="@size"/>
      </xsl:call-template></xsl:if></td>
      <td data-f="{@artifact}"><xsl:call-template name="citation"/></td>
    </tr>
  </xsl:template>

  <xsl:template match="e:reason" mode="row">
    <tr><xsl:call-template name="at"/>
      <th scope="row"><a href="../requirements/{@requirement}.html"><xsl:value-of
          select="@requirement"/></a></th>
      <td><xsl:call-template name="verdict">
        <xsl:with-param name="of" select="@role"/>
      </xsl:call-template></td>
      <td><xsl:value-of select="e:text"/><xsl:call-template
          name="citation"/></td>
    </tr>
  </xsl:template>

  <xsl:template match="e:rule" mode="row">
    <tr><xsl:call-template name="at"/>
      <th scope="row"><xsl:value-of select="@title"/>
        <small><code><xsl:value-of select="@id"/></code></small></th>
      <td><xsl:value-of select="@result"/></td>
      <td class="nowrap"><xsl:call-template name="category">
        <xsl:with-param name="severity" select="@severity"/>
      </xsl:call-template></td>
      <td><xsl:value-of select="@artifact"/></td>
    </tr>
  </xsl:template>

  <xsl:template match="e:lone" mode="row">
    <tr><xsl:call-template name="at"/>
      <th scope="row" class="nowrap"><xsl:value-of select="@id"/></th>
      <xsl:call-template name="severity-cell"/>
      <td><xsl:value-of select="concat(@package, ' ')"/><code><xsl:value-of
          select="@version"/></code></td>
      <td><xsl:value-of select="@tool"/></td>
      <td><xsl:value-of select="@why"/></td>
    </tr>
  </xsl:template>

  <xsl:template match="e:fact" mode="row">
    <tr><xsl:call-template name="at"/>
      <th scope="row"><xsl:value-of select="translate(@name, '._',
          '  ')"/></th>
      <td><code><xsl:value-of select="@key"/></code></td>
      <td><xsl:value-of select="@value"/></td>
    </tr>
  </xsl:template>

  <xsl:template match="e:gap" mode="row">
    <tr><xsl:call-template name="at"/>
      <td><xsl:value-of select="@kind"/></td>
      <td><xsl:if test="@slug"><a href="../subjects/{@slug}.html"><xsl:value-of
          select="@subject"/></a><xsl:text>: </xsl:text></xsl:if>
        <xsl:value-of select="e:text"/><xsl:call-template
          name="citation"/></td>
    </tr>
  </xsl:template>

  <xsl:template match="e:deployment" mode="row">
    <tr><xsl:call-template name="at"/>
      <th scope="row"><a href="../subjects/{@slug}.html"><xsl:value-of
          select="@name"/></a></th>
      <td><xsl:value-of select="@reason"/></td>
    </tr>
  </xsl:template>
</xsl:stylesheet>
