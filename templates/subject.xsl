<?xml version="1.0"?>
<!-- subject.xsl - the page of one image, workload container or platform. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">
  <xsl:import href="page.xsl"/>
  <xsl:import href="pictures.xsl"/>

  <!-- The outputs that are written together with this one. -->
  <xsl:param name="outputs" select="''"/>
  <xsl:variable name="subject" select="/e:evidence/e:subject"/>
  <xsl:variable name="all" select="/e:evidence/e:requirements/e:requirement"/>

  <xsl:template match="/e:evidence">
    <html lang="en">
      <xsl:call-template name="page-head">
        <xsl:with-param name="title"
            select="concat($subject/@name, ' – ', e:benchmark/@title)"/>
      </xsl:call-template>
      <body>
        <a class="skip" href="#main">Skip to the verdicts</a>
        <xsl:call-template name="page-top">
          <xsl:with-param name="over"><xsl:choose>
            <xsl:when test="$subject/@kind = 'image'">Container image</xsl:when>
            <xsl:when test="$subject/@kind = 'workload'">Workload container</xsl:when>
            <xsl:otherwise>Platform</xsl:otherwise>
          </xsl:choose></xsl:with-param>
          <xsl:with-param name="title" select="$subject/@name"/>
          <xsl:with-param name="facts">
            <span><code><xsl:value-of select="$subject/@key"/></code></span>
          </xsl:with-param>
        </xsl:call-template>
        <div class="frame body">
          <xsl:call-template name="toc"/>
          <main id="main">
            <xsl:call-template name="summary"/>
            <xsl:apply-templates select="e:gaps[@total &gt; 0]"/>
            <xsl:call-template name="overview"/>
            <xsl:apply-templates select="e:requirements"/>
            <xsl:apply-templates select="e:issues[@total &gt; 0]"/>
            <xsl:apply-templates select="e:stigs[e:stig]"/>
            <xsl:apply-templates select="e:workloads[$subject/@kind =
                'image'] | e:images[$subject/@kind = 'workload']"/>
            <xsl:apply-templates select="e:origin[$subject/@kind =
                'image']"/>
            <xsl:call-template name="content"/>
            <xsl:apply-templates select="e:artifacts"/>
            <xsl:apply-templates select="e:values"/>
            <xsl:call-template name="page-foot"/>
          </main>
        </div>
        <xsl:call-template name="page-end"/>
      </body>
    </html>
  </xsl:template>

  <xsl:template name="names">
    <xsl:if test="$subject/e:aliases/e:alias[@value != $subject/@key]">
      <details>
        <summary>Other names and digests</summary>
        <dl class="pairs">
          <xsl:for-each select="$subject/e:aliases/e:alias">
            <dt><xsl:value-of select="@kind"/></dt>
            <dd><code><xsl:value-of select="@value"/></code></dd>
          </xsl:for-each>
        </dl>
      </details>
    </xsl:if>
  </xsl:template>

  <xsl:template name="toc">
    <nav class="toc" aria-label="On this page">
      <ol>
        <li><a href="#summary">Summary</a></li>
        <xsl:if test="e:gaps/@total &gt; 0">
          <li><a href="#gaps">Gaps</a></li>
        </xsl:if>
        <li><a href="#overview">Verdicts</a></li>
        <li><a href="#requirements">Requirements</a></li>
        <xsl:if test="e:issues/@total &gt; 0">
          <li><a href="#issues">Vulnerabilities</a></li>
        </xsl:if>
        <xsl:if test="e:stigs/e:stig">
          <li><a href="#stigs">STIG results</a></li>
        </xsl:if>
        <xsl:if test="$subject/@kind != 'platform'">
          <li><a href="#deployment">Deployment</a></li>
        </xsl:if>
        <xsl:if test="$subject/@kind = 'image'">
          <li><a href="#origin">Base and signatures</a></li>
        </xsl:if>
        <xsl:if test="e:layers/e:layer or e:packages/e:packages_of or
            e:facts/e:fact">
          <li><a href="#content">Content</a></li>
        </xsl:if>
        <li><a href="#evidence">Evidence</a></li>
        <li><a href="#values">Thresholds</a></li>
      </ol>
    </nav>
  </xsl:template>

  <xsl:template name="fails">
    <xsl:variable name="failed" select="$all[@verdict = 'fail']"/>
    <xsl:if test="$failed">
      <xsl:value-of select="concat('CAT I ',
          count($failed[@severity = 'high']), ', II ',
          count($failed[@severity = 'medium']), ', III ',
          count($failed[@severity = 'low']))"/>
    </xsl:if>
  </xsl:template>

  <xsl:template name="summary">
    <section id="summary" aria-labelledby="summary-h">
      <h2 id="summary-h">Summary</h2>
      <p class="lead">
        <xsl:call-template name="plural">
          <xsl:with-param name="n" select="count($all)"/>
          <xsl:with-param name="one" select="'requirement'"/>
        </xsl:call-template>
        <xsl:text> of the guide </xsl:text>
        <xsl:choose>
          <xsl:when test="$subject/@kind = 'image'">for container images.</xsl:when>
          <xsl:when test="$subject/@kind = 'workload'">for the deployment of containers.</xsl:when>
          <xsl:otherwise>for the platform that runs containers.</xsl:otherwise>
        </xsl:choose>
      </p>
      <dl class="figures">
        <xsl:call-template name="figure">
          <xsl:with-param name="n" select="count($all[@verdict = 'fail'])"/>
          <xsl:with-param name="of" select="'fail'"/>
          <xsl:with-param name="about">
            <xsl:call-template name="fails"/>
          </xsl:with-param>
        </xsl:call-template>
        <xsl:if test="$all[@verdict = 'error']">
          <xsl:call-template name="figure">
            <xsl:with-param name="n" select="count($all[@verdict = 'error'])"/>
            <xsl:with-param name="of" select="'error'"/>
            <xsl:with-param name="about" select="'evidence unreadable'"/>
          </xsl:call-template>
        </xsl:if>
        <xsl:call-template name="figure">
          <xsl:with-param name="n"
              select="count($all[@verdict = 'not_reviewed'])"/>
          <xsl:with-param name="of" select="'not_reviewed'"/>
          <xsl:with-param name="about" select="'evidence missing'"/>
        </xsl:call-template>
        <xsl:call-template name="figure">
          <xsl:with-param name="n" select="count($all[@verdict = 'pass'])"/>
          <xsl:with-param name="of" select="'pass'"/>
          <xsl:with-param name="about" select="'shown to be met'"/>
        </xsl:call-template>
        <xsl:call-template name="figure">
          <xsl:with-param name="n"
              select="count($all[@verdict = 'not_applicable'])"/>
          <xsl:with-param name="of" select="'not_applicable'"/>
          <xsl:with-param name="about" select="'shown not to apply'"/>
        </xsl:call-template>
      </dl>
      <xsl:call-template name="verdict-bar">
        <xsl:with-param name="fail" select="count($all[@verdict = 'fail'])"/>
        <xsl:with-param name="error" select="count($all[@verdict = 'error'])"/>
        <xsl:with-param name="rest"
            select="count($all[@verdict = 'not_reviewed'])"/>
        <xsl:with-param name="pass" select="count($all[@verdict = 'pass'])"/>
        <xsl:with-param name="na"
            select="count($all[@verdict = 'not_applicable'])"/>
      </xsl:call-template>
      <xsl:call-template name="names"/>
      <xsl:if test="contains($outputs, ' ckl ') or
          contains($outputs, ' cklb ') or contains($outputs, ' xccdf ') or
          contains($outputs, ' arf ')">
        <ul class="files">
          <li>The same verdicts for tools:</li>
          <xsl:if test="contains($outputs, ' ckl ')">
            <li><a href="../ckl/{$subject/@slug}.ckl">CKL</a></li>
          </xsl:if>
          <xsl:if test="contains($outputs, ' cklb ')">
            <li><a href="../cklb/{$subject/@slug}.cklb">CKLB</a></li>
          </xsl:if>
          <xsl:if test="contains($outputs, ' xccdf ')">
            <li><a href="../xccdf/{$subject/@slug}.xml">XCCDF</a></li>
          </xsl:if>
          <xsl:if test="contains($outputs, ' arf ')">
            <li><a href="../arf/{$subject/@slug}.xml">ARF</a></li>
          </xsl:if>
          <xsl:if test="contains($outputs, ' oscal ')">
            <li><a href="../oscal-ar/{$subject/@slug}.json">OSCAL</a></li>
          </xsl:if>
          <xsl:if test="contains($outputs, ' hdf ')">
            <li><a href="../hdf/{$subject/@slug}.json">HDF</a></li>
          </xsl:if>
        </ul>
      </xsl:if>
    </section>
  </xsl:template>

  <xsl:template match="e:gaps">
    <section id="gaps" aria-labelledby="gaps-h">
      <h2 id="gaps-h">Gaps</h2>
      <p class="lead">What is missing, does not fit or contradicts itself.</p>
      <ul class="gaps"><xsl:apply-templates select="e:gap"/></ul>
      <xsl:if test="@total &gt; count(e:gap)">
        <p><a href="../gaps/{$subject/@slug}-1.html"><xsl:value-of
            select="concat('All ', format-number(@total, '#,##0'))"/></a></p>
      </xsl:if>
    </section>
  </xsl:template>

  <xsl:template name="overview">
    <section id="overview" aria-labelledby="overview-h">
      <h2 id="overview-h">Verdicts</h2>
      <div class="scroll" role="group" tabindex="0" aria-label="Verdicts">
        <table class="overview" data-tools="Verdicts">
          <thead><tr>
            <th scope="col">Requirement</th>
            <th scope="col" data-filter="1">Verdict</th>
            <th scope="col" data-filter="1">CAT</th>
            <th scope="col">CCI</th><th scope="col">800-53</th>
          </tr></thead>
          <tbody>
            <xsl:for-each select="$all">
              <tr>
                <th scope="row"><a href="#r-{@id}"><xsl:value-of
                    select="concat(@id, ' ', @title)"/></a></th>
                <td class="nowrap">
                  <xsl:attribute name="data-f"><xsl:call-template name="word">
                    <xsl:with-param name="of" select="@verdict"/>
                  </xsl:call-template></xsl:attribute>
                  <xsl:call-template name="verdict">
                    <xsl:with-param name="of" select="@verdict"/>
                  </xsl:call-template>
                  <xsl:if test="@waived = 1"><xsl:text> </xsl:text><span
                      class="waived">waived</span></xsl:if></td>
                <td class="nowrap"><xsl:call-template name="category">
                  <xsl:with-param name="severity" select="@severity"/>
                </xsl:call-template></td>
                <td class="nowrap"><xsl:value-of select="@cci"/></td>
                <td class="nowrap"><xsl:value-of select="@r4"/></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
    </section>
  </xsl:template>

  <xsl:template match="e:requirements">
    <section id="requirements" aria-labelledby="requirements-h">
      <h2 id="requirements-h">Requirements</h2>
      <p class="lead">Each verdict with its reasons, and where each reason was read: the file, the first digits of its SHA-256, the place in it.</p>
      <xsl:apply-templates select="e:requirement"/>
    </section>
  </xsl:template>

  <xsl:template match="e:requirement">
    <article id="r-{@id}" data-requirement="{@id}" data-verdict="{@verdict}"
        aria-labelledby="t-{@id}">
      <div class="title">
        <h3 id="t-{@id}"><span class="id"><xsl:value-of
            select="@id"/></span><xsl:call-template name="portion"/><a href="../requirements/{@id}.html"><xsl:value-of
            select="@title"/></a><xsl:call-template name="anchor">
          <xsl:with-param name="to" select="concat('r-', @id)"/>
          <xsl:with-param name="of" select="@id"/>
        </xsl:call-template></h3>
        <xsl:call-template name="verdict">
          <xsl:with-param name="of" select="@verdict"/>
        </xsl:call-template>
      </div>
      <xsl:call-template name="requirement-meta"/>
      <xsl:variable name="first" select="8"/>
      <ul class="reasons">
        <xsl:apply-templates select="e:covered"/>
        <xsl:apply-templates select="e:reason[position() &lt;= $first]"/>
      </ul>
      <xsl:if test="count(e:reason) &gt; $first">
        <details>
          <summary><xsl:value-of select="concat(@reasons - $first,
              ' more reasons')"/></summary>
          <ul class="reasons">
            <xsl:apply-templates select="e:reason[position() &gt; $first]"/>
            <xsl:if test="@reasons &gt; count(e:reason)">
              <li><span/><span><a href="../reasons/{$subject/@slug}-1.html#rows&amp;f0={@id}"><xsl:value-of
                  select="concat('All ', format-number(@reasons,
                  '#,##0'))"/></a></span></li>
            </xsl:if>
          </ul>
        </details>
      </xsl:if>
      <xsl:call-template name="texts"/>
    </article>
  </xsl:template>

  <xsl:template match="e:issues">
    <section id="issues" aria-labelledby="issues-h">
      <h2 id="issues-h">Vulnerabilities</h2>
      <p class="lead">
        <xsl:call-template name="plural">
          <xsl:with-param name="n" select="@total"/>
          <xsl:with-param name="one" select="'issue'"/>
        </xsl:call-template>
        <xsl:text>, merged from what every scanner reported: one vulnerability of one package version is one issue, shown with the worst severity and every source’s own word.</xsl:text>
      </p>
      <xsl:call-template name="severity-bar">
        <xsl:with-param name="tallies" select="e:tally"/>
      </xsl:call-template>
      <ul class="keys">
        <xsl:for-each select="e:tally">
          <li><span class="dot s-{@severity}"/>
            <xsl:value-of select="concat(format-number(@n, '#,##0'), ' ',
                @severity)"/>
            <xsl:if test="@fixable &gt; 0">
              <xsl:value-of select="concat(' (', @fixable,
                  ' with a fix)')"/>
            </xsl:if>
          </li>
        </xsl:for-each>
      </ul>
      <xsl:if test="@total &gt; count(e:issue)">
        <p><a href="../findings/{$subject/@slug}-1.html"><strong><xsl:value-of
            select="concat('All ', format-number(@total, '#,##0'),
            ' vulnerabilities')"/></strong></a></p>
      </xsl:if>
      <xsl:apply-templates select="../e:overlap[count(e:tool) &gt; 1]"
          mode="picture"/>
      <xsl:apply-templates select="../e:scanners[e:scanner]"/>
      <xsl:apply-templates select="../e:alone[e:lone]"/>
      <xsl:apply-templates select="../e:findings[e:tally]"/>
      <details>
        <xsl:if test="@total &lt;= 25">
          <xsl:attribute name="open">open</xsl:attribute>
        </xsl:if>
        <summary>
          <xsl:choose>
            <xsl:when test="@total &gt; count(e:issue)">
              <xsl:value-of select="concat('The worst ', count(e:issue),
                  ' of ', format-number(@total, '#,##0'))"/>
            </xsl:when>
            <xsl:otherwise>All of them</xsl:otherwise>
          </xsl:choose>
        </summary>
        <div class="scroll" role="group" tabindex="0"
            aria-label="Vulnerabilities">
          <table data-tools="Vulnerabilities">
            <xsl:call-template name="issue-head"/>
            <tbody><xsl:apply-templates select="e:issue"/></tbody>
          </table>
        </div>
      </details>
    </section>
  </xsl:template>

  <!-- Who scanned, with what, and how far they agree. -->
  <xsl:template match="e:scanners">
    <div class="scroll" role="group" tabindex="0" aria-label="Scanners">
      <table>
        <thead><tr><th scope="col">Scanner</th>
          <th scope="col">Its database</th>
          <th scope="col" class="n">Findings</th>
          <th scope="col" class="n">Issues</th>
          <th scope="col" class="n">Seen by it alone</th></tr></thead>
        <tbody>
          <xsl:for-each select="e:scanner">
            <tr>
              <th scope="row"><xsl:value-of select="concat(@tool, ' ',
                  @version, ' ')"/><code class="sum"><xsl:value-of
                  select="substring(@sha256, 1, 12)"/></code></th>
              <td><xsl:choose>
                <xsl:when test="@database"><xsl:value-of
                    select="@database"/></xsl:when>
                <xsl:otherwise>not said</xsl:otherwise>
              </xsl:choose></td>
              <td class="n"><xsl:value-of
                  select="format-number(@findings, '#,##0')"/></td>
              <td class="n"><xsl:value-of
                  select="format-number(@issues, '#,##0')"/></td>
              <td class="n"><xsl:value-of
                  select="format-number(@alone, '#,##0')"/></td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template match="e:alone">
    <details>
      <summary>
        <xsl:choose>
          <xsl:when test="@total &gt; count(e:lone)">
            <xsl:value-of select="concat('Reported by one scanner only: ',
                'the worst ', count(e:lone), ' of ',
                format-number(@total, '#,##0'))"/>
          </xsl:when>
          <xsl:otherwise><xsl:value-of select="concat(
              'Reported by one scanner only: ', @total)"/></xsl:otherwise>
        </xsl:choose>
      </summary>
      <div class="scroll" role="group" tabindex="0"
          aria-label="Reported by one scanner only">
        <table>
          <thead><tr><th scope="col">Vulnerability</th>
            <th scope="col">Severity</th><th scope="col">Package</th>
            <th scope="col">Scanner</th>
            <th scope="col">What may explain it</th></tr></thead>
          <tbody>
            <xsl:for-each select="e:lone">
              <tr>
                <th scope="row" class="nowrap"><xsl:value-of
                    select="@id"/></th>
                <td class="nowrap"><span class="dot s-{@severity}"/><xsl:value-of
                    select="@severity"/></td>
                <td><xsl:value-of select="concat(@package, ' ')"/><code>
                  <xsl:value-of select="@version"/></code></td>
                <td><xsl:value-of select="@tool"/></td>
                <td><xsl:value-of select="@why"/></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
      <xsl:if test="@total &gt; count(e:lone)">
        <p><a href="../alone/{$subject/@slug}-1.html"><xsl:value-of
            select="concat('All ', format-number(@total, '#,##0'))"/></a></p>
      </xsl:if>
    </details>
  </xsl:template>

  <!-- A scanner's rows, as it counted them. -->
  <xsl:template match="e:findings">
    <details>
      <summary>What each scanner reported</summary>
      <div class="scroll" role="group" tabindex="0"
          aria-label="What each scanner reported">
        <table>
          <thead><tr><th scope="col">Tool</th><th scope="col">Kind</th>
            <th scope="col">Severity</th>
            <th scope="col" class="n">Rows</th></tr></thead>
          <tbody>
            <xsl:for-each select="e:tally">
              <tr>
                <th scope="row"><xsl:value-of select="concat(@tool, ' ')"/>
                  <code class="sum"><xsl:value-of
                      select="substring(@sha256, 1, 12)"/></code></th>
                <td><xsl:value-of select="@kind"/></td>
                <td><span class="dot s-{@severity}"/><xsl:value-of
                    select="@severity"/></td>
                <td class="n"><xsl:value-of
                    select="format-number(@n, '#,##0')"/></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
    </details>
  </xsl:template>

  <xsl:template match="e:stigs">
    <section id="stigs" aria-labelledby="stigs-h">
      <h2 id="stigs-h">STIG results</h2>
      <p class="lead">Checklists and scans that speak about this subject.</p>
      <xsl:apply-templates select="e:stig"/>
    </section>
  </xsl:template>

  <xsl:template match="e:stig">
    <article>
      <div class="title"><h3><xsl:choose>
        <xsl:when test="e:fact[@name = 'stig.title']"><xsl:value-of
            select="e:fact[@name = 'stig.title']/@value"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="@artifact"/></xsl:otherwise>
      </xsl:choose></h3></div>
      <p class="meta">
        <span><xsl:value-of select="@artifact"/></span>
        <span><xsl:call-template name="plural">
          <xsl:with-param name="n" select="@rules"/>
          <xsl:with-param name="one" select="'rule result'"/>
        </xsl:call-template></span>
        <xsl:if test="@tool"><span><xsl:value-of select="concat(@tool, ' ',
            @tool_version)"/></span></xsl:if>
        <xsl:if test="@target"><span><xsl:value-of
            select="concat('target ', @target)"/></span></xsl:if>
        <span><xsl:value-of select="concat('attached: ', @reason)"/></span>
      </p>
      <xsl:if test="e:fact">
        <dl class="pairs">
          <xsl:for-each select="e:fact[@name != 'stig.title']">
            <dt><xsl:value-of select="translate(substring-after(@name, '.'),
                '_', ' ')"/>
              <xsl:if test="@key"><small><xsl:value-of
                  select="@key"/></small></xsl:if></dt>
            <dd><xsl:value-of select="@value"/></dd>
          </xsl:for-each>
        </dl>
      </xsl:if>
      <ul class="keys">
        <xsl:for-each select="e:count">
          <li><b><xsl:value-of select="format-number(@n, '#,##0')"/></b>
            <xsl:value-of select="concat(' ', @result, ', ')"/>
            <xsl:call-template name="category">
              <xsl:with-param name="severity" select="@severity"/>
            </xsl:call-template></li>
        </xsl:for-each>
      </ul>
      <xsl:if test="e:rule">
        <details>
          <summary>Rules that did not pass and were not ruled out</summary>
          <div class="scroll" role="group" tabindex="0"
              aria-label="Rules that did not pass">
            <table>
              <thead><tr><th scope="col">Rule</th><th scope="col">Result</th>
                <th scope="col">CAT</th></tr></thead>
              <tbody>
                <xsl:for-each select="e:rule">
                  <tr>
                    <th scope="row"><xsl:value-of select="@title"/>
                      <small><code><xsl:value-of select="@id"/></code></small>
                    </th>
                    <td><xsl:value-of select="@result"/></td>
                    <td class="nowrap"><xsl:call-template name="category">
                      <xsl:with-param name="severity" select="@severity"/>
                    </xsl:call-template></td>
                  </tr>
                </xsl:for-each>
              </tbody>
            </table>
          </div>
          <xsl:if test="sum(e:count[@result = 'fail' or @result = 'error' or
              @result = 'unknown' or @result = 'notchecked']/@n) &gt;
              count(e:rule)">
            <p><a href="../rules/{$subject/@slug}-1.html">All of them</a></p>
          </xsl:if>
        </details>
      </xsl:if>
    </article>
  </xsl:template>

  <xsl:template match="e:workloads | e:images">
    <section id="deployment" aria-labelledby="deployment-h">
      <h2 id="deployment-h">Deployment</h2>
      <xsl:choose>
        <xsl:when test="e:deployment">
          <p class="lead"><xsl:choose>
            <xsl:when test="self::e:workloads">Workload containers that run this image.</xsl:when>
            <xsl:otherwise>The image this container runs.</xsl:otherwise>
          </xsl:choose></p>
          <ul>
            <xsl:for-each select="e:deployment">
              <li><a href="{@slug}.html"><xsl:value-of select="@name"/></a>
                <small><xsl:value-of select="@reason"/>
                  <xsl:if test="@exact = 0"> (a tag can move: not shown to be the same bytes)</xsl:if></small></li>
            </xsl:for-each>
          </ul>
          <xsl:if test="@total &gt; count(e:deployment)">
            <p><a href="../{local-name()}/{$subject/@slug}-1.html"><xsl:value-of
                select="concat('All ', format-number(@total,
                '#,##0'))"/></a></p>
          </xsl:if>
        </xsl:when>
        <xsl:when test="self::e:workloads">
          <p class="none">No imported workload deploys this image: 3.1 to 3.11 are not reviewed for it.</p>
        </xsl:when>
        <xsl:otherwise>
          <p class="none">There is no evidence about the image that this container runs.</p>
        </xsl:otherwise>
      </xsl:choose>
    </section>
  </xsl:template>

  <!-- What it is built on, who signed it, and what that is worth. -->
  <xsl:template match="e:origin">
    <section id="origin" aria-labelledby="origin-h">
      <h2 id="origin-h">Base image and signatures</h2>
      <p class="lead">What is said of it; what that is worth is decided by
        <xsl:for-each select="$all[@id = '2.10' or @id = '2.14' or
            @id = '2.17']">
          <xsl:if test="position() &gt; 1">, </xsl:if>
          <a href="#r-{@id}"><xsl:value-of select="@id"/></a>
          <xsl:text> (</xsl:text>
          <xsl:call-template name="word">
            <xsl:with-param name="of" select="@verdict"/>
          </xsl:call-template>
          <xsl:text>)</xsl:text>
        </xsl:for-each>
      </p>
      <xsl:if test="e:base">
        <dl class="pairs">
          <xsl:for-each select="e:base">
            <dt><xsl:choose>
              <xsl:when test="@name = 'config.label'">label <small><code><xsl:value-of
                  select="@key"/></code></small></xsl:when>
              <xsl:otherwise><xsl:value-of select="translate(@name, '._',
                  '  ')"/></xsl:otherwise>
            </xsl:choose></dt>
            <dd><xsl:value-of select="@value"/><xsl:call-template
                name="citation"/></dd>
          </xsl:for-each>
        </dl>
      </xsl:if>
      <xsl:choose>
        <xsl:when test="e:signature">
          <div class="scroll" role="group" tabindex="0"
              aria-label="Signatures">
            <table data-tools="Signatures">
              <thead><tr><th scope="col" data-filter="1">Kind</th>
                <th scope="col">Over</th><th scope="col">State</th>
                <th scope="col">Where</th></tr></thead>
              <tbody>
                <xsl:for-each select="e:signature">
                  <tr><th scope="row"><xsl:value-of select="@kind"/>
                    <xsl:if test="@type"><small><xsl:value-of
                        select="@type"/></small></xsl:if></th>
                    <td><xsl:value-of select="@reference"/>
                      <small><code><xsl:value-of
                          select="@claim"/></code></small></td>
                    <td><xsl:value-of select="@state"/>
                      <xsl:if test="@certificate = 1"><small>with a certificate</small></xsl:if></td>
                    <td><xsl:call-template name="citation"/></td></tr>
                </xsl:for-each>
              </tbody>
            </table>
          </div>
        </xsl:when>
        <xsl:otherwise><p class="none">No signature over it was imported.</p></xsl:otherwise>
      </xsl:choose>
    </section>
  </xsl:template>

  <xsl:template name="content">
    <xsl:if test="e:layers/e:layer or e:packages/e:packages_of or
        e:facts/e:fact">
      <section id="content" aria-labelledby="content-h">
        <h2 id="content-h">Content</h2>
        <p class="lead">What the evidence says the subject is made of.</p>
        <xsl:apply-templates select="e:layers[e:layer]" mode="picture"/>
        <xsl:apply-templates select="e:facts[e:fact]"/>
        <xsl:apply-templates select="e:packages[e:packages_of]"/>
        <xsl:if test="e:packages/e:packages_of">
          <p><a href="../packages/{$subject/@slug}-1.html">Every package</a></p>
        </xsl:if>
        <xsl:apply-templates select="e:layers[e:layer]"/>
      </section>
    </xsl:if>
  </xsl:template>

  <xsl:template match="e:facts">
    <dl class="pairs">
      <xsl:for-each select="e:fact">
        <dt><xsl:value-of select="translate(@name, '._', '  ')"/></dt>
        <dd>
          <xsl:if test="@key"><code><xsl:value-of
              select="@key"/></code><xsl:text> </xsl:text></xsl:if>
          <xsl:call-template name="clip">
            <xsl:with-param name="text" select="@value"/>
          </xsl:call-template>
        </dd>
      </xsl:for-each>
    </dl>
    <xsl:if test="count(e:fact) &gt;= 500">
      <p><a href="../facts/{$subject/@slug}-1.html">All of it</a></p>
    </xsl:if>
  </xsl:template>

  <xsl:template match="e:packages">
    <div class="scroll" role="group" tabindex="0" aria-label="Packages">
      <table>
        <caption>Packages</caption>
        <thead><tr><th scope="col">Listed by</th><th scope="col">Type</th>
          <th scope="col" class="n">Packages</th>
          <th scope="col" class="n">Installed size</th></tr></thead>
        <tbody>
          <xsl:for-each select="e:packages_of">
            <tr>
              <th scope="row"><xsl:value-of select="@artifact"/></th>
              <td><xsl:value-of select="@type"/></td>
              <td class="n"><xsl:value-of
                  select="format-number(@n, '#,##0')"/></td>
              <td class="n"><xsl:choose>
                <xsl:when test="@size &gt; 0"><xsl:call-template name="bytes">
                  <xsl:with-param name="n" select="@size"/>
                </xsl:call-template></xsl:when>
                <xsl:otherwise>not said</xsl:otherwise>
              </xsl:choose></td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template match="e:layers">
    <div class="scroll" role="group" tabindex="0" aria-label="Layers">
      <table>
        <caption>Layers</caption>
        <thead><tr><th scope="col" class="n">#</th>
          <th scope="col">Layer</th>
          <th scope="col" class="n">Size</th>
          <th scope="col" class="n">Wasted</th>
          <th scope="col" class="n">Entries</th>
          <th scope="col">State</th></tr></thead>
        <tbody>
          <xsl:for-each select="e:layer">
            <tr>
              <td class="n"><xsl:value-of select="@n"/></td>
              <th scope="row">
                <xsl:if test="e:made_by != ''">
                  <code><xsl:call-template name="clip">
                    <xsl:with-param name="text" select="e:made_by"/>
                    <xsl:with-param name="max" select="240"/>
                  </xsl:call-template></code>
                </xsl:if>
                <small><code><xsl:value-of select="@diff_id"/></code></small>
              </th>
              <td class="n nowrap"><xsl:call-template name="bytes">
                <xsl:with-param name="n" select="@tar_bytes"/>
              </xsl:call-template></td>
              <td class="n nowrap"><xsl:call-template name="bytes">
                <xsl:with-param name="n" select="@wasted"/>
              </xsl:call-template></td>
              <td class="n"><xsl:value-of
                  select="format-number(@entries, '#,##0')"/></td>
              <td><xsl:value-of select="@state"/>
                <xsl:if test="@detail"><small><xsl:value-of
                    select="@detail"/></small></xsl:if></td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>
</xsl:stylesheet>
