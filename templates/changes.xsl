<?xml version="1.0"?>
<!-- changes.xsl - what is different from an earlier assessment. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">
  <xsl:import href="page.xsl"/>
  <xsl:import href="pictures.xsl"/>

  <xsl:variable name="changes" select="/e:evidence/e:posture/e:changes"/>
  <xsl:variable name="trend" select="/e:evidence/e:posture/e:trend"/>
  <xsl:key name="subject" match="e:subjects/e:subject" use="@slug"/>

  <xsl:template match="/e:evidence">
    <html lang="en">
      <xsl:call-template name="page-head">
        <xsl:with-param name="title" select="'What changed'"/>
      </xsl:call-template>
      <body>
        <a class="skip" href="#main">Skip to the changes</a>
        <xsl:call-template name="page-top">
          <xsl:with-param name="over" select="e:benchmark/@title"/>
          <xsl:with-param name="title" select="'What changed'"/>
          <xsl:with-param name="here" select="'changes.html'"/>
          <xsl:with-param name="facts">
            <span>
              <xsl:value-of select="concat('since assessment ',
                  $changes/@from, ' of ')"/>
              <xsl:call-template name="date">
                <xsl:with-param name="at" select="$changes/@from_as_of"/>
              </xsl:call-template>
            </span>
          </xsl:with-param>
        </xsl:call-template>
        <main id="main" class="frame">
          <section id="sums" aria-labelledby="sums-h">
            <h2 id="sums-h">In numbers</h2>
            <div class="scroll" role="group" tabindex="0"
                aria-label="In numbers">
              <table>
                <thead><tr><th scope="col"><span class="away">What</span></th>
                  <th scope="col" class="n">New</th>
                  <th scope="col" class="n">Fixed</th>
                  <th scope="col" class="n">Changed</th>
                  <th scope="col" class="n">Carried</th>
                  <th scope="col" class="n">Vanished</th></tr></thead>
                <tbody>
                  <tr><th scope="row">Requirements</th>
                    <xsl:apply-templates
                        select="$changes/e:count[@what = 'requirement']"/></tr>
                  <tr><th scope="row">Vulnerabilities</th>
                    <xsl:apply-templates
                        select="$changes/e:count[@what = 'issue']"/></tr>
                </tbody>
              </table>
            </div>
            <p class="lead">Of several images of one repository the newest counts. An issue is fixed where a newer image was scanned by a scanner that saw it before; one that nothing reports any more is closed, with the file that named it last.</p>
          </section>
          <xsl:if test="count($trend/e:assessment) &gt; 1">
            <section id="trend" aria-labelledby="trend-h">
              <h2 id="trend-h">Over time</h2>
              <xsl:apply-templates select="$trend" mode="picture"/>
              <details>
                <summary>The numbers</summary>
                <xsl:call-template name="assessments"/>
              </details>
            </section>
          </xsl:if>
          <section id="rows" aria-labelledby="rows-h">
            <h2 id="rows-h">Every change</h2>
            <xsl:call-template name="parts">
              <xsl:with-param name="label" select="'Parts'"/>
            </xsl:call-template>
            <xsl:choose>
              <xsl:when test="$changes/e:change"><xsl:call-template
                  name="rows"/></xsl:when>
              <xsl:otherwise><p class="none">Nothing is different.</p></xsl:otherwise>
            </xsl:choose>
            <xsl:call-template name="parts">
              <xsl:with-param name="label" select="'Parts, again'"/>
            </xsl:call-template>
          </section>
          <xsl:call-template name="page-foot"/>
        </main>
        <xsl:call-template name="page-end"/>
      </body>
    </html>
  </xsl:template>

  <xsl:template match="e:count">
    <td class="n"><xsl:value-of select="format-number(@n, '#,##0')"/></td>
  </xsl:template>

  <xsl:template name="assessments">
    <div class="scroll" role="group" tabindex="0" aria-label="Assessments">
      <table>
        <thead><tr><th scope="col" class="n">Assessment</th>
          <th scope="col">As of</th><th scope="col" class="n">Files</th>
          <th scope="col" class="n">Fail</th>
          <th scope="col" class="n">of them waived</th>
          <th scope="col" class="n">Not reviewed</th>
          <th scope="col" class="n">Pass</th>
          <th scope="col" class="n">Issues</th>
          <th scope="col" class="n">Critical</th>
          <th scope="col" class="n">High</th></tr></thead>
        <tbody>
          <xsl:for-each select="$trend/e:assessment">
            <tr><th scope="row" class="n"><xsl:value-of select="@id"/></th>
              <td class="nowrap"><xsl:call-template name="date">
                <xsl:with-param name="at" select="@as_of"/>
              </xsl:call-template></td>
              <td class="n"><xsl:value-of select="@artifacts"/></td>
              <td class="n"><xsl:value-of select="@fail"/></td>
              <td class="n"><xsl:value-of select="@waived"/></td>
              <td class="n"><xsl:value-of select="@not_reviewed"/></td>
              <td class="n"><xsl:value-of select="@pass"/></td>
              <td class="n"><xsl:value-of select="@issues"/></td>
              <td class="n"><xsl:value-of select="@critical"/></td>
              <td class="n"><xsl:value-of select="@high"/></td></tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template name="rows">
    <div class="scroll" role="group" tabindex="0" aria-label="Every change">
      <table data-tools="Every change">
        <thead><tr>
          <th scope="col" data-filter="1">Change</th>
          <th scope="col" data-filter="1">What</th>
          <th scope="col">Item</th>
          <th scope="col">Before</th><th scope="col">Now</th>
          <th scope="col" data-filter="1">Severity</th>
          <th scope="col">Where</th>
          <th scope="col">Reported by</th>
        </tr></thead>
        <tbody><xsl:apply-templates select="$changes/e:change"/></tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template match="e:change">
    <tr data-row="1">
      <td><span class="v x-{@change}"><xsl:value-of
          select="@change"/></span></td>
      <td><xsl:value-of select="@what"/></td>
      <th scope="row">
        <xsl:choose>
          <xsl:when test="@what = 'requirement'"><a
              href="requirements/{@item}.html"><xsl:value-of
              select="@item"/></a></xsl:when>
          <xsl:otherwise><xsl:value-of select="concat(@item, ' ',
              @package)"/></xsl:otherwise>
        </xsl:choose>
      </th>
      <td><xsl:value-of select="translate(@from, '_', ' ')"/></td>
      <td><xsl:value-of select="translate(@to, '_', ' ')"/>
        <xsl:if test="@waived = 1">, <span
            class="waived">waived</span></xsl:if></td>
      <td><xsl:if test="@severity"><span class="dot s-{@severity}"/><xsl:value-of
          select="@severity"/></xsl:if></td>
      <td><xsl:choose>
        <xsl:when test="key('subject', @slug)"><a
            href="subjects/{@slug}.html"><xsl:value-of
            select="@name"/></a></xsl:when>
        <xsl:otherwise><xsl:value-of select="@name"/></xsl:otherwise>
      </xsl:choose></td>
      <td><xsl:value-of select="translate(@tools, '|', ' ')"/>
        <xsl:if test="@change = 'vanished' and @file != ''"><small>
          <xsl:value-of select="concat('closed, last seen in ',
              @file)"/></small></xsl:if></td>
    </tr>
  </xsl:template>

  <xsl:template name="parts">
    <xsl:param name="label"/>
    <xsl:if test="$changes/@pages &gt; 1">
      <nav aria-label="{$label}"><ul class="pages">
        <xsl:call-template name="part-link">
          <xsl:with-param name="at" select="1"/>
        </xsl:call-template>
      </ul></nav>
    </xsl:if>
  </xsl:template>

  <xsl:template name="part-link">
    <xsl:param name="at"/>
    <li><xsl:choose>
      <xsl:when test="$at = $changes/@page"><b
          aria-current="page"><xsl:value-of select="$at"/></b></xsl:when>
      <xsl:when test="$at = 1"><a href="changes.html">1</a></xsl:when>
      <xsl:otherwise><a href="changes-{$at}.html"><xsl:value-of
          select="$at"/></a></xsl:otherwise>
    </xsl:choose></li>
    <xsl:if test="$at &lt; $changes/@pages">
      <xsl:call-template name="part-link">
        <xsl:with-param name="at" select="$at + 1"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
