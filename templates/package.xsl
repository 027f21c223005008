<?xml version="1.0"?>
<!-- package.xsl - the first page: all subjects, gaps first. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">
  <xsl:import href="page.xsl"/>

  <xsl:key name="cell" match="e:result | e:rollup"
      use="concat(../@slug, ' ', @requirement)"/>
  <xsl:key name="of" match="e:result" use="@requirement"/>

  <xsl:variable name="subjects" select="/e:evidence/e:subjects/e:subject"/>
  <xsl:variable name="images" select="$subjects[@kind = 'image']"/>
  <xsl:variable name="workloads" select="$subjects[@kind = 'workload']"/>
  <xsl:variable name="platforms" select="$subjects[@kind = 'platform']"/>
  <xsl:variable name="results" select="$subjects/e:result"/>
  <xsl:variable name="undeployed"
      select="count($images[e:rollup[1]/@workloads = 0])"/>
  <xsl:variable name="requirements"
      select="/e:evidence/e:requirements/e:requirement"/>
  <!-- Up to so many subjects are columns beside the requirements' titles;
       more are rows. -->
  <xsl:variable name="few" select="6"/>

  <xsl:template match="/e:evidence">
    <html lang="en">
      <xsl:call-template name="page-head">
        <xsl:with-param name="title"
            select="concat('Assessment – ', e:benchmark/@title)"/>
      </xsl:call-template>
      <body>
        <a class="skip" href="#main">Skip to the summary</a>
        <header class="top">
          <div class="frame">
            <p class="over">Assessment</p>
            <h1><xsl:value-of select="e:benchmark/@title"/></h1>
            <p class="facts">
              <span><b>As of </b><xsl:call-template name="time">
                <xsl:with-param name="at" select="@as_of"/>
              </xsl:call-template></span>
              <span><xsl:value-of select="concat('Version ',
                  e:benchmark/@version, ', ', e:benchmark/@release)"/></span>
            </p>
          </div>
        </header>
        <div class="frame body">
          <nav class="toc" aria-label="On this page">
            <ol>
              <li><a href="#summary">Summary</a></li>
              <li><a href="#gaps">Gaps</a></li>
              <li><a href="#subjects">Subjects</a></li>
              <li><a href="#matrix">Matrix</a></li>
              <li><a href="#requirements">Requirements</a></li>
              <li><a href="#evidence">Evidence</a></li>
              <li><a href="#values">Thresholds</a></li>
            </ol>
          </nav>
          <main id="main">
            <xsl:call-template name="summary"/>
            <xsl:apply-templates select="e:gaps"/>
            <xsl:apply-templates select="e:subjects"/>
            <xsl:call-template name="matrices"/>
            <xsl:apply-templates select="e:requirements"/>
            <xsl:apply-templates select="e:artifacts"/>
            <xsl:apply-templates select="e:values"/>
            <xsl:call-template name="page-foot"/>
          </main>
        </div>
      </body>
    </html>
  </xsl:template>

  <xsl:template name="summary">
    <section id="summary" aria-labelledby="summary-h">
      <h2 id="summary-h">Summary</h2>
      <p class="lead">
        <xsl:call-template name="plural">
          <xsl:with-param name="n" select="count($results)"/>
          <xsl:with-param name="one" select="'verdict'"/>
        </xsl:call-template>
        <xsl:text> about </xsl:text>
        <xsl:call-template name="plural">
          <xsl:with-param name="n" select="count($images)"/>
          <xsl:with-param name="one" select="'image'"/>
        </xsl:call-template>
        <xsl:text>, </xsl:text>
        <xsl:call-template name="plural">
          <xsl:with-param name="n" select="count($workloads)"/>
          <xsl:with-param name="one" select="'workload container'"/>
        </xsl:call-template>
        <xsl:text> and </xsl:text>
        <xsl:call-template name="plural">
          <xsl:with-param name="n" select="count($platforms)"/>
          <xsl:with-param name="one" select="'platform'"/>
        </xsl:call-template>
        <xsl:text>. Absence of evidence is never a pass.</xsl:text>
      </p>
      <xsl:variable name="failed"
          select="$subjects/e:tallies/e:tally[@verdict = 'fail']"/>
      <dl class="figures">
        <xsl:call-template name="figure">
          <xsl:with-param name="n" select="count($results[@verdict = 'fail'])"/>
          <xsl:with-param name="of" select="'fail'"/>
          <xsl:with-param name="about" select="concat('CAT I ',
              sum($failed[@severity = 'high']/@n), ', II ',
              sum($failed[@severity = 'medium']/@n), ', III ',
              sum($failed[@severity = 'low']/@n))"/>
        </xsl:call-template>
        <xsl:if test="$results[@verdict = 'error']">
          <xsl:call-template name="figure">
            <xsl:with-param name="n"
                select="count($results[@verdict = 'error'])"/>
            <xsl:with-param name="of" select="'error'"/>
            <xsl:with-param name="about" select="'evidence unreadable'"/>
          </xsl:call-template>
        </xsl:if>
        <xsl:call-template name="figure">
          <xsl:with-param name="n"
              select="count($results[@verdict = 'not_reviewed'])"/>
          <xsl:with-param name="of" select="'not_reviewed'"/>
          <xsl:with-param name="about" select="'evidence missing'"/>
        </xsl:call-template>
        <xsl:call-template name="figure">
          <xsl:with-param name="n" select="count($results[@verdict = 'pass'])"/>
          <xsl:with-param name="of" select="'pass'"/>
          <xsl:with-param name="about" select="'shown to be met'"/>
        </xsl:call-template>
        <xsl:call-template name="figure">
          <xsl:with-param name="n"
              select="count($results[@verdict = 'not_applicable'])"/>
          <xsl:with-param name="of" select="'not_applicable'"/>
          <xsl:with-param name="about" select="'shown not to apply'"/>
        </xsl:call-template>
      </dl>
      <xsl:call-template name="verdict-bar">
        <xsl:with-param name="fail" select="count($results[@verdict = 'fail'])"/>
        <xsl:with-param name="error"
            select="count($results[@verdict = 'error'])"/>
        <xsl:with-param name="rest"
            select="count($results[@verdict = 'not_reviewed'])"/>
        <xsl:with-param name="pass" select="count($results[@verdict = 'pass'])"/>
        <xsl:with-param name="na"
            select="count($results[@verdict = 'not_applicable'])"/>
      </xsl:call-template>
      <xsl:if test="$undeployed &gt; 0">
        <p class="lead">
          <xsl:text>Besides, 3.1 to 3.11 are not reviewed for </xsl:text>
          <xsl:call-template name="plural">
            <xsl:with-param name="n" select="$undeployed"/>
            <xsl:with-param name="one" select="'image'"/>
          </xsl:call-template>
          <xsl:text> that no imported workload deploys.</xsl:text>
        </p>
      </xsl:if>
    </section>
  </xsl:template>

  <xsl:template match="e:gaps">
    <section id="gaps" aria-labelledby="gaps-h">
      <h2 id="gaps-h">Gaps</h2>
      <p class="lead">What is missing, does not fit or contradicts itself. Read these first: they limit what the verdicts can say.</p>
      <xsl:choose>
        <xsl:when test="e:gap">
          <ul class="gaps"><xsl:apply-templates select="e:gap"/></ul>
          <xsl:if test="@total &gt; count(e:gap)">
            <p><xsl:value-of select="concat('and ', @total - count(e:gap),
                ' more, on the pages of their subjects')"/></p>
          </xsl:if>
        </xsl:when>
        <xsl:otherwise>
          <p class="none">None was found.</p>
        </xsl:otherwise>
      </xsl:choose>
    </section>
  </xsl:template>

  <xsl:template match="e:subjects">
    <section id="subjects" aria-labelledby="subjects-h">
      <h2 id="subjects-h">Subjects</h2>
      <div class="scroll" role="region" tabindex="0" aria-label="Subjects">
        <table class="subjects">
          <thead><tr>
            <th scope="col">Subject</th>
            <th scope="col">Verdicts</th>
            <th scope="col" class="n">Fail</th>
            <th scope="col" class="n">CAT I / II / III</th>
            <th scope="col" class="n">Not reviewed</th>
            <th scope="col">Vulnerabilities</th>
          </tr></thead>
          <tbody><xsl:apply-templates select="e:subject" mode="row"/></tbody>
        </table>
      </div>
    </section>
  </xsl:template>

  <xsl:template name="subject-bar">
    <xsl:call-template name="verdict-bar">
      <xsl:with-param name="fail" select="count(e:result[@verdict = 'fail'])"/>
      <xsl:with-param name="error"
          select="count(e:result[@verdict = 'error'])"/>
      <xsl:with-param name="rest"
          select="count(e:result[@verdict = 'not_reviewed'])"/>
      <xsl:with-param name="pass" select="count(e:result[@verdict = 'pass'])"/>
      <xsl:with-param name="na"
          select="count(e:result[@verdict = 'not_applicable'])"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="e:subject" mode="row">
    <xsl:variable name="fail" select="e:tallies/e:tally[@verdict = 'fail']"/>
    <xsl:variable name="issues" select="e:issues/e:tally"/>
    <tr>
      <th scope="row">
        <a href="subjects/{@slug}.html"><xsl:value-of select="@name"/></a>
        <small><xsl:value-of select="@kind"/>
          <xsl:if test="@kind = 'image'">
            <code class="sum"><xsl:value-of select="concat(' ',
                substring(@key, 1, 19))"/></code>
          </xsl:if></small>
      </th>
      <td><xsl:call-template name="subject-bar"/>
        <small><xsl:value-of select="concat(count(e:result[@verdict =
            'pass']), ' of ', count(e:result), ' pass')"/>
        <xsl:if test="e:result[@verdict = 'error']">
          <xsl:value-of select="concat(', ', count(e:result[@verdict =
              'error']), ' error')"/>
        </xsl:if></small></td>
      <td class="n"><b><xsl:value-of
          select="count(e:result[@verdict = 'fail'])"/></b></td>
      <td class="n nowrap"><xsl:value-of select="concat(
          sum($fail[@severity = 'high']/@n), ' / ',
          sum($fail[@severity = 'medium']/@n), ' / ',
          sum($fail[@severity = 'low']/@n))"/></td>
      <td class="n"><xsl:value-of
          select="count(e:result[@verdict = 'not_reviewed'])"/></td>
      <td>
        <xsl:choose>
          <xsl:when test="$issues">
            <xsl:call-template name="severity-bar">
              <xsl:with-param name="tallies" select="$issues"/>
            </xsl:call-template>
            <small>
              <xsl:for-each select="$issues[position() &lt;= 3]">
                <xsl:if test="position() &gt; 1">, </xsl:if>
                <xsl:value-of select="concat(format-number(@n, '#,##0'),
                    ' ', @severity)"/>
              </xsl:for-each>
              <xsl:if test="count($issues) &gt; 3">
                <xsl:value-of select="concat(', ', format-number(
                    sum($issues[position() &gt; 3]/@n), '#,##0'), ' other')"/>
              </xsl:if>
            </small>
          </xsl:when>
          <xsl:when test="@kind = 'image'"><small>none reported</small></xsl:when>
        </xsl:choose>
      </td>
    </tr>
  </xsl:template>

  <xsl:template name="matrices">
    <section id="matrix" aria-labelledby="matrix-h">
      <h2 id="matrix-h">Matrix</h2>
      <p class="lead">Every requirement against every subject. For an image, 3.1 to 3.11 show the worst verdict among the workloads that deploy it; an image that none deploys is not reviewed there.</p>
      <xsl:call-template name="legend"/>
      <xsl:if test="$images">
        <xsl:call-template name="matrix">
          <xsl:with-param name="caption" select="'Images'"/>
          <xsl:with-param name="of" select="$images"/>
          <xsl:with-param name="against" select="$requirements"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="$workloads">
        <xsl:call-template name="matrix">
          <xsl:with-param name="caption" select="'Workload containers'"/>
          <xsl:with-param name="of" select="$workloads"/>
          <xsl:with-param name="against"
              select="$requirements[@family = 'deployment']"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:if test="$platforms">
        <xsl:call-template name="matrix">
          <xsl:with-param name="caption" select="'Platforms'"/>
          <xsl:with-param name="of" select="$platforms"/>
          <xsl:with-param name="against" select="$requirements[key('cell',
              concat($platforms[1]/@slug, ' ', @id))]"/>
        </xsl:call-template>
      </xsl:if>
    </section>
  </xsl:template>

  <xsl:template name="legend">
    <p class="meta" aria-label="Signs">
      <xsl:call-template name="verdict">
        <xsl:with-param name="of" select="'fail'"/>
      </xsl:call-template>
      <xsl:call-template name="verdict">
        <xsl:with-param name="of" select="'error'"/>
      </xsl:call-template>
      <xsl:call-template name="verdict">
        <xsl:with-param name="of" select="'not_reviewed'"/>
      </xsl:call-template>
      <xsl:call-template name="verdict">
        <xsl:with-param name="of" select="'pass'"/>
      </xsl:call-template>
      <xsl:call-template name="verdict">
        <xsl:with-param name="of" select="'not_applicable'"/>
      </xsl:call-template>
    </p>
  </xsl:template>

  <xsl:template name="matrix">
    <xsl:param name="caption"/>
    <xsl:param name="of"/>
    <xsl:param name="against"/>
    <xsl:choose>
      <xsl:when test="count($of) &lt;= $few">
        <xsl:call-template name="upright">
          <xsl:with-param name="caption" select="$caption"/>
          <xsl:with-param name="of" select="$of"/>
          <xsl:with-param name="against" select="$against"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="dense">
          <xsl:with-param name="caption" select="$caption"/>
          <xsl:with-param name="of" select="$of"/>
          <xsl:with-param name="against" select="$against"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Requirements are rows, the few subjects columns. -->
  <xsl:template name="upright">
    <xsl:param name="caption"/>
    <xsl:param name="of"/>
    <xsl:param name="against"/>
    <div class="scroll" role="region" tabindex="0" aria-label="{$caption}">
      <table class="matrix small">
        <caption><xsl:value-of select="$caption"/></caption>
        <thead><tr>
          <th scope="col" class="req">Requirement</th>
          <xsl:for-each select="$of">
            <th scope="col"><a href="subjects/{@slug}.html"><xsl:value-of
                select="@name"/></a></th>
          </xsl:for-each>
        </tr></thead>
        <tbody>
          <xsl:for-each select="$against">
            <xsl:variable name="id" select="@id"/>
            <tr>
              <th scope="row" class="req"><a href="#r-{@id}"><span
                  class="id"><xsl:value-of select="@id"/></span></a>
                <xsl:text> </xsl:text>
                <xsl:value-of select="@title"/></th>
              <xsl:for-each select="$of">
                <xsl:call-template name="cell">
                  <xsl:with-param name="id" select="$id"/>
                </xsl:call-template>
              </xsl:for-each>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <!-- Many subjects are rows, the requirements' numbers columns. -->
  <xsl:template name="dense">
    <xsl:param name="caption"/>
    <xsl:param name="of"/>
    <xsl:param name="against"/>
    <div class="scroll" role="region" tabindex="0" aria-label="{$caption}">
      <table class="matrix dense">
        <caption><xsl:value-of select="$caption"/></caption>
        <thead><tr>
          <th scope="col">Subject</th>
          <xsl:for-each select="$against">
            <th scope="col"><a href="#r-{@id}" title="{@title}"><xsl:value-of
                select="@id"/></a></th>
          </xsl:for-each>
        </tr></thead>
        <tbody>
          <xsl:for-each select="$of">
            <xsl:variable name="slug" select="@slug"/>
            <xsl:variable name="subject" select="."/>
            <tr>
              <th scope="row"><a href="subjects/{@slug}.html"><xsl:value-of
                  select="@name"/></a></th>
              <xsl:for-each select="$against">
                <xsl:variable name="id" select="@id"/>
                <xsl:for-each select="$subject">
                  <xsl:call-template name="cell">
                    <xsl:with-param name="id" select="$id"/>
                  </xsl:call-template>
                </xsl:for-each>
              </xsl:for-each>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <!-- A cell of the current subject; only its own verdicts are counted when
       the page is read back, not those of its workloads. -->
  <xsl:template name="cell">
    <xsl:param name="id"/>
    <xsl:variable name="one" select="key('cell', concat(@slug, ' ', $id))"/>
    <td>
      <xsl:choose>
        <xsl:when test="$one[self::e:result]">
          <xsl:attribute name="data-verdict">
            <xsl:value-of select="$one/@verdict"/>
          </xsl:attribute>
        </xsl:when>
        <xsl:otherwise>
          <xsl:attribute name="class">rolled</xsl:attribute>
        </xsl:otherwise>
      </xsl:choose>
      <xsl:if test="$one">
        <xsl:call-template name="verdict">
          <xsl:with-param name="of" select="$one/@verdict"/>
        </xsl:call-template>
      </xsl:if>
    </td>
  </xsl:template>

  <xsl:template match="e:requirements">
    <section id="requirements" aria-labelledby="requirements-h">
      <h2 id="requirements-h">Requirements</h2>
      <p class="lead">What is asked, how it is decided and how it is mended; the reasons stand on the subjects’ pages.</p>
      <xsl:apply-templates select="e:requirement"/>
    </section>
  </xsl:template>

  <xsl:template match="e:requirement">
    <xsl:variable name="id" select="@id"/>
    <xsl:variable name="of" select="key('of', @id)"/>
    <xsl:variable name="failed" select="$of[@verdict = 'fail']"/>
    <article id="r-{@id}" aria-labelledby="t-{@id}">
      <div class="title">
        <h3 id="t-{@id}"><span class="id"><xsl:value-of
            select="@id"/></span><xsl:value-of select="@title"/></h3>
      </div>
      <xsl:call-template name="requirement-meta"/>
      <xsl:if test="$of">
        <div class="mini"><xsl:call-template name="verdict-bar">
          <xsl:with-param name="fail" select="count($failed)"/>
          <xsl:with-param name="error"
              select="count($of[@verdict = 'error'])"/>
          <xsl:with-param name="rest"
              select="count($of[@verdict = 'not_reviewed'])"/>
          <xsl:with-param name="pass"
              select="count($of[@verdict = 'pass'])"/>
          <xsl:with-param name="na"
              select="count($of[@verdict = 'not_applicable'])"/>
        </xsl:call-template></div>
        <p class="meta"><span><xsl:value-of select="concat(count($failed),
            ' fail, ', count($of[@verdict = 'error']), ' error, ',
            count($of[@verdict = 'not_reviewed']), ' not reviewed, ',
            count($of[@verdict = 'pass']), ' pass, ',
            count($of[@verdict = 'not_applicable']),
            ' not applicable')"/></span></p>
      </xsl:if>
      <xsl:if test="$failed">
        <p>
          <xsl:text>Fails for </xsl:text>
          <xsl:for-each select="$failed[position() &lt;= 20]">
            <xsl:if test="position() &gt; 1">, </xsl:if>
            <a href="subjects/{../@slug}.html#r-{$id}"><xsl:value-of
                select="../@name"/></a>
          </xsl:for-each>
          <xsl:if test="count($failed) &gt; 20">
            <xsl:value-of select="concat(' and ', count($failed) - 20,
                ' more')"/>
          </xsl:if>
        </p>
      </xsl:if>
      <xsl:call-template name="texts"/>
    </article>
  </xsl:template>
</xsl:stylesheet>
