<?xml version="1.0"?>
<!-- package.xsl - the first page: all subjects, gaps first. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:e="urn:muster:evidence:1" exclude-result-prefixes="e">
  <xsl:import href="page.xsl"/>
  <xsl:import href="pictures.xsl"/>

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
        <a class="skip" href="#main">Skip to the brief</a>
        <xsl:call-template name="page-top">
          <xsl:with-param name="over" select="'Brief for the authorizing official'"/>
          <xsl:with-param name="title" select="e:benchmark/@title"/>
          <xsl:with-param name="here" select="'index.html'"/>
          <xsl:with-param name="facts">
            <span><xsl:value-of select="concat('Version ',
                e:benchmark/@version, ', ', e:benchmark/@release)"/></span>
          </xsl:with-param>
        </xsl:call-template>
        <div class="frame body">
          <nav class="toc" aria-label="On this page">
            <ol>
              <li><a href="#summary">Brief</a></li>
              <li><a href="#gaps">Gaps</a></li>
              <li><a href="#subjects">Images and workloads</a></li>
              <li><a href="#matrix">Matrix</a></li>
              <xsl:if test="e:overlap/e:seen">
                <li><a href="#vulnerabilities">Vulnerabilities</a></li>
              </xsl:if>
              <li><a href="#requirements">Requirements</a></li>
              <xsl:if test="e:decisions/e:decision">
                <li><a href="#decisions">Decisions</a></li>
              </xsl:if>
              <li><a href="#evidence">Evidence</a></li>
              <li><a href="#values">Thresholds</a></li>
            </ol>
          </nav>
          <main id="main">
            <xsl:call-template name="summary"/>
            <xsl:apply-templates select="e:gaps"/>
            <xsl:apply-templates select="e:subjects"/>
            <xsl:call-template name="matrices"/>
            <xsl:apply-templates select="e:overlap[e:seen]"/>
            <xsl:apply-templates select="e:requirements"/>
            <xsl:apply-templates select="e:decisions[e:decision]"/>
            <xsl:apply-templates select="e:artifacts"/>
            <xsl:apply-templates select="e:values"/>
            <xsl:call-template name="page-foot"/>
          </main>
        </div>
        <xsl:call-template name="page-end"/>
      </body>
    </html>
  </xsl:template>

  <!-- Failures that an approved decision in force covers stay failures. -->
  <xsl:variable name="failed" select="$results[@verdict = 'fail']"/>
  <xsl:variable name="waived" select="$failed[@waived = 1]"/>
  <xsl:variable name="open" select="$failed[not(@waived = 1)]"/>
  <xsl:variable name="unknown" select="$results[@verdict = 'not_reviewed' or
      @verdict = 'error']"/>
  <xsl:key name="requirement" match="e:requirement" use="@id"/>

  <xsl:template name="cats">
    <xsl:param name="of"/>
    <xsl:value-of select="concat('CAT I ',
        count($of[key('requirement', @requirement)/@severity = 'high']),
        ', II ',
        count($of[key('requirement', @requirement)/@severity = 'medium']),
        ', III ',
        count($of[key('requirement', @requirement)/@severity = 'low']))"/>
  </xsl:template>

  <xsl:template name="summary">
    <section id="summary" class="brief" aria-labelledby="summary-h">
      <h2 id="summary-h" class="away">Brief</h2>
      <p class="headline">
        <xsl:choose>
          <xsl:when test="not($results)">Nothing was assessed.</xsl:when>
          <xsl:when test="not($failed) and not($unknown)">Every requirement is shown to be met or not to apply.</xsl:when>
          <xsl:otherwise>
            <xsl:value-of select="concat(format-number(count($failed),
                '#,##0'), ' of ')"/>
            <xsl:call-template name="plural">
              <xsl:with-param name="n" select="count($results)"/>
              <xsl:with-param name="one" select="'verdict'"/>
            </xsl:call-template>
            <xsl:choose>
              <xsl:when test="count($failed) = 1"> fails; </xsl:when>
              <xsl:otherwise> fail; </xsl:otherwise>
            </xsl:choose>
            <xsl:value-of select="concat(format-number(count($unknown),
                '#,##0'), ' cannot be decided with this evidence.')"/>
          </xsl:otherwise>
        </xsl:choose>
      </p>
      <dl class="figures">
        <xsl:call-template name="figure">
          <xsl:with-param name="n" select="count($open)"/>
          <xsl:with-param name="of" select="'fail'"/>
          <xsl:with-param name="about"><xsl:call-template name="cats">
            <xsl:with-param name="of" select="$open"/>
          </xsl:call-template></xsl:with-param>
        </xsl:call-template>
        <div class="figure">
          <dt><span class="v waived-v"><span class="sign"
              aria-hidden="true">✕</span><span
              class="word">Fail, but waived</span></span></dt>
          <dd><b><xsl:value-of select="count($waived)"/></b>
            <small>an approved decision is in force</small></dd>
        </div>
        <xsl:call-template name="figure">
          <xsl:with-param name="n" select="count($unknown)"/>
          <xsl:with-param name="of" select="'not_reviewed'"/>
          <xsl:with-param name="about"><xsl:choose>
            <xsl:when test="$results[@verdict = 'error']"><xsl:value-of
                select="concat('evidence missing; of ',
                count($results[@verdict = 'error']), ' unreadable')"/></xsl:when>
            <xsl:otherwise>evidence missing</xsl:otherwise>
          </xsl:choose></xsl:with-param>
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
      <xsl:call-template name="question"/>
      <xsl:if test="$images and count($images) &lt;= 16">
        <xsl:call-template name="picture-matrix">
          <xsl:with-param name="id" select="'p-matrix'"/>
          <xsl:with-param name="title"
              select="'Requirements and images'"/>
          <xsl:with-param name="of" select="$images"/>
          <xsl:with-param name="against" select="$requirements"/>
        </xsl:call-template>
      </xsl:if>
      <div class="pair">
        <div>
          <h3>Read these first</h3>
          <xsl:apply-templates select="e:gaps" mode="short"/>
        </div>
        <div>
          <h3>Decisions that expire</h3>
          <xsl:call-template name="expiries"/>
          <xsl:apply-templates select="e:posture" mode="short"/>
        </div>
      </div>
      <p class="lead">
        <xsl:text>The package: </xsl:text>
        <xsl:call-template name="plural">
          <xsl:with-param name="n" select="count($images)"/>
          <xsl:with-param name="one" select="'image'"/>
        </xsl:call-template>
        <xsl:text>, </xsl:text>
        <xsl:call-template name="plural">
          <xsl:with-param name="n" select="count($workloads)"/>
          <xsl:with-param name="one" select="'workload container'"/>
        </xsl:call-template>
        <xsl:text>, </xsl:text>
        <xsl:call-template name="plural">
          <xsl:with-param name="n" select="count($platforms)"/>
          <xsl:with-param name="one" select="'platform'"/>
        </xsl:call-template>
        <xsl:text>, from </xsl:text>
        <xsl:call-template name="plural">
          <xsl:with-param name="n" select="count(e:artifacts/e:artifact)"/>
          <xsl:with-param name="one" select="'file'"/>
        </xsl:call-template>
        <xsl:text> of evidence. Absence of evidence is never a pass.</xsl:text>
        <xsl:if test="$undeployed &gt; 0">
          <xsl:text> Besides, 3.1 to 3.11 are not reviewed for </xsl:text>
          <xsl:call-template name="plural">
            <xsl:with-param name="n" select="$undeployed"/>
            <xsl:with-param name="one" select="'image'"/>
          </xsl:call-template>
          <xsl:text> that no imported workload deploys.</xsl:text>
        </xsl:if>
      </p>
    </section>
  </xsl:template>

  <!-- What the authorizing official is asked. -->
  <xsl:template name="question">
    <div class="ask">
      <h3>The question</h3>
      <p class="q">
        <xsl:choose>
          <xsl:when test="$open or $unknown">
            <xsl:text>Is the risk acceptable of operating this with </xsl:text>
            <xsl:call-template name="plural">
              <xsl:with-param name="n" select="count($open)"/>
              <xsl:with-param name="one" select="'failure'"/>
            </xsl:call-template>
            <xsl:text> that no decision covers</xsl:text>
            <xsl:if test="$waived">
              <xsl:text>, </xsl:text>
              <xsl:call-template name="plural">
                <xsl:with-param name="n" select="count($waived)"/>
                <xsl:with-param name="one" select="'that is waived'"/>
                <xsl:with-param name="many" select="'that are waived'"/>
              </xsl:call-template>
            </xsl:if>
            <xsl:if test="$unknown">
              <xsl:text> and </xsl:text>
              <xsl:call-template name="plural">
                <xsl:with-param name="n" select="count($unknown)"/>
                <xsl:with-param name="one" select="'open question'"/>
              </xsl:call-template>
            </xsl:if>
            <xsl:text>?</xsl:text>
          </xsl:when>
          <xsl:when test="$waived">
            <xsl:value-of select="concat('Do the decisions that cover ',
                count($waived), ' failures still hold?')"/>
          </xsl:when>
          <xsl:otherwise>Is the evidence enough to accept this package?</xsl:otherwise>
        </xsl:choose>
      </p>
      <xsl:if test="$open">
        <p><xsl:text>Most widespread: </xsl:text>
          <xsl:for-each select="$requirements[key('of', @id)[@verdict = 'fail'
              and not(@waived = 1)]]">
            <xsl:sort select="number(@severity = 'high') * 2 +
                number(@severity = 'medium')" data-type="number"
                order="descending"/>
            <xsl:sort select="count(key('of', @id)[@verdict = 'fail' and
                not(@waived = 1)])" data-type="number" order="descending"/>
            <xsl:sort select="@ord" data-type="number"/>
            <xsl:if test="position() &lt;= 3">
              <xsl:if test="position() &gt; 1">; </xsl:if>
              <a href="requirements/{@id}.html"><xsl:value-of
                  select="@id"/></a>
              <xsl:value-of select="concat(' ', @title, ' (',
                  count(key('of', @id)[@verdict = 'fail' and
                  not(@waived = 1)]), ')')"/>
            </xsl:if>
          </xsl:for-each>
        </p>
      </xsl:if>
    </div>
  </xsl:template>

  <xsl:template match="e:gaps" mode="short">
    <ul class="short">
      <xsl:for-each select="e:gap[position() &lt;= 4]">
        <li><span class="tag k-{@kind}"><xsl:choose>
          <xsl:when test="@kind = 'gap'">Missing</xsl:when>
          <xsl:when test="@kind = 'mismatch'">Mismatch</xsl:when>
          <xsl:when test="@kind = 'contradiction'">Contradiction</xsl:when>
          <xsl:otherwise><xsl:value-of select="@kind"/></xsl:otherwise>
        </xsl:choose></span>
        <xsl:text> </xsl:text>
        <xsl:if test="@subject and not(starts-with(e:text, @subject))">
          <xsl:value-of select="concat(@subject, ': ')"/>
        </xsl:if>
        <xsl:call-template name="clip">
          <xsl:with-param name="text" select="e:text"/>
          <xsl:with-param name="max" select="150"/>
        </xsl:call-template></li>
      </xsl:for-each>
      <xsl:choose>
        <xsl:when test="@total &gt; 4">
          <li><a href="#gaps"><xsl:value-of select="concat('All ',
              format-number(@total, '#,##0'), ' contradictions and gaps')"/></a></li>
        </xsl:when>
        <xsl:when test="@total = 0"><li>No contradiction and no gap was found.</li></xsl:when>
      </xsl:choose>
    </ul>
  </xsl:template>

  <!-- Decisions in force by the days that are left of them. -->
  <xsl:template name="expiries">
    <xsl:variable name="today"><xsl:call-template name="days">
      <xsl:with-param name="at" select="@as_of"/>
    </xsl:call-template></xsl:variable>
    <xsl:variable name="left">
      <xsl:for-each select="e:decisions/e:decision[@until != '' and
          (@in_force &gt; 0 or @state = 'expired')]">
        <xsl:variable name="then"><xsl:call-template name="days">
          <xsl:with-param name="at" select="@until"/>
        </xsl:call-template></xsl:variable>
        <xsl:choose>
          <xsl:when test="@state = 'expired'">x</xsl:when>
          <xsl:when test="$then - $today &lt;= 30">a</xsl:when>
          <xsl:when test="$then - $today &lt;= 60">b</xsl:when>
          <xsl:when test="$then - $today &lt;= 90">c</xsl:when>
        </xsl:choose>
      </xsl:for-each>
    </xsl:variable>
    <dl class="due">
      <div class="late"><dt>expired</dt><dd><xsl:value-of
          select="string-length(translate($left, 'abc', ''))"/></dd></div>
      <div class="soon"><dt>in 30 days</dt><dd><xsl:value-of
          select="string-length(translate($left, 'xbc', ''))"/></dd></div>
      <div><dt>in 60 days</dt><dd><xsl:value-of
          select="string-length(translate($left, 'xac', ''))"/></dd></div>
      <div><dt>in 90 days</dt><dd><xsl:value-of
          select="string-length(translate($left, 'xab', ''))"/></dd></div>
    </dl>
    <xsl:if test="not(e:decisions/e:decision)">
      <p class="meta">Nobody has decided anything about this package yet.</p>
    </xsl:if>
  </xsl:template>

  <!-- What is different from an earlier assessment, in a few words. -->
  <xsl:template match="e:posture" mode="short">
    <xsl:for-each select="e:changes">
      <h3>
        <xsl:text>What changed since </xsl:text>
        <xsl:call-template name="date">
          <xsl:with-param name="at" select="@from_as_of"/>
        </xsl:call-template>
        <xsl:if test="/e:evidence/e:accepted"> (accepted)</xsl:if>
      </h3>
      <ul class="short">
        <xsl:call-template name="turned">
          <xsl:with-param name="what" select="'requirement'"/>
          <xsl:with-param name="says" select="'Requirements'"/>
        </xsl:call-template>
        <xsl:call-template name="turned">
          <xsl:with-param name="what" select="'issue'"/>
          <xsl:with-param name="says" select="'Vulnerabilities'"/>
        </xsl:call-template>
        <li><a href="changes.html">Every change</a></li>
      </ul>
    </xsl:for-each>
    <xsl:if test="count(e:trend/e:assessment) &gt; 1">
      <xsl:apply-templates select="e:trend" mode="picture"/>
    </xsl:if>
  </xsl:template>

  <xsl:template name="turned">
    <xsl:param name="what"/>
    <xsl:param name="says"/>
    <li><xsl:value-of select="concat($says, ': ')"/>
      <xsl:for-each select="e:count[@what = $what]">
        <xsl:if test="position() &gt; 1">, </xsl:if>
        <b><xsl:value-of select="format-number(@n, '#,##0')"/></b>
        <xsl:value-of select="concat(' ', @change)"/>
      </xsl:for-each>
    </li>
  </xsl:template>

  <xsl:template match="e:overlap">
    <section id="vulnerabilities" aria-labelledby="vulnerabilities-h">
      <h2 id="vulnerabilities-h">Vulnerabilities</h2>
      <p class="lead">What the scanners report over all images, merged: the worst word for each issue. The images’ pages name every one.</p>
      <xsl:variable name="tallies"
          select="$subjects/e:issues/e:tally"/>
      <ul class="keys">
        <xsl:call-template name="tally-key"><xsl:with-param name="of"
            select="'critical'"/></xsl:call-template>
        <xsl:call-template name="tally-key"><xsl:with-param name="of"
            select="'high'"/></xsl:call-template>
        <xsl:call-template name="tally-key"><xsl:with-param name="of"
            select="'medium'"/></xsl:call-template>
        <xsl:call-template name="tally-key"><xsl:with-param name="of"
            select="'low'"/></xsl:call-template>
        <xsl:call-template name="tally-key"><xsl:with-param name="of"
            select="'negligible'"/></xsl:call-template>
        <xsl:call-template name="tally-key"><xsl:with-param name="of"
            select="'unknown'"/></xsl:call-template>
      </ul>
      <xsl:apply-templates select="." mode="picture"/>
    </section>
  </xsl:template>

  <xsl:template name="tally-key">
    <xsl:param name="of"/>
    <xsl:variable name="t"
        select="$subjects/e:issues/e:tally[@severity = $of]"/>
    <xsl:if test="$t">
      <li><span class="dot s-{$of}"/><b><xsl:value-of
          select="format-number(sum($t/@n), '#,##0')"/></b>
        <xsl:value-of select="concat(' ', $of)"/>
        <xsl:if test="sum($t/@fixable) &gt; 0"><xsl:value-of
            select="concat(', ', format-number(sum($t/@fixable), '#,##0'),
            ' with a fix')"/></xsl:if></li>
    </xsl:if>
  </xsl:template>

  <xsl:template match="e:gaps">
    <section id="gaps" aria-labelledby="gaps-h">
      <h2 id="gaps-h">Gaps</h2>
      <p class="lead">What is missing, does not fit or contradicts itself. Read these first: they limit what the verdicts can say.</p>
      <xsl:choose>
        <xsl:when test="e:gap">
          <ul class="gaps"><xsl:apply-templates select="e:gap"/></ul>
          <xsl:if test="@total &gt; count(e:gap)">
            <p><a href="gaps/all-1.html"><xsl:value-of select="concat('All ',
                format-number(@total, '#,##0'))"/></a></p>
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
      <h2 id="subjects-h">Images and workloads</h2>
      <div class="scroll" role="group" tabindex="0" aria-label="Subjects">
        <table class="subjects" data-tools="Images and workloads">
          <thead><tr>
            <th scope="col">Subject</th>
            <th scope="col">Verdicts</th>
            <th scope="col" class="n">Fail</th>
            <th scope="col" class="n" data-still="1">CAT I / II / III</th>
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
      <td data-v="{count(e:result[@verdict = 'pass'])}"><xsl:call-template
          name="subject-bar"/>
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
      <td data-v="{sum($issues/@n)}">
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
    <div class="scroll" role="group" tabindex="0" aria-label="{$caption}">
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
              <th scope="row" class="req"><a href="requirements/{@id}.html"><span
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
    <div class="scroll" role="group" tabindex="0" aria-label="{$caption}">
      <table class="matrix dense">
        <caption><xsl:value-of select="$caption"/></caption>
        <thead><tr>
          <th scope="col">Subject</th>
          <xsl:for-each select="$against">
            <th scope="col"><a href="requirements/{@id}.html" title="{@title}"><xsl:value-of
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
      <p class="lead">Each has a page: what the guide says, every verdict with its reasons, and what would make it pass.</p>
      <div class="scroll" role="group" tabindex="0" aria-label="Requirements">
        <table data-tools="Requirements">
          <thead><tr>
            <th scope="col">Requirement</th>
            <th scope="col" data-filter="1">CAT</th>
            <th scope="col" data-filter="1">Control</th>
            <th scope="col">Verdicts</th>
            <th scope="col" class="n">Fail</th>
            <th scope="col" class="n">Not reviewed</th>
            <th scope="col" class="n">Pass</th>
          </tr></thead>
          <tbody><xsl:apply-templates select="e:requirement"/></tbody>
        </table>
      </div>
    </section>
  </xsl:template>

  <xsl:template match="e:requirement">
    <xsl:variable name="of" select="key('of', @id)"/>
    <tr id="r-{@id}">
      <th scope="row" class="wide-cell"><a href="requirements/{@id}.html"><span
          class="id"><xsl:value-of select="@id"/></span>
        <xsl:value-of select="concat(' ', @title)"/></a></th>
      <td class="nowrap"><xsl:call-template name="category">
        <xsl:with-param name="severity" select="@severity"/>
      </xsl:call-template></td>
      <td class="nowrap"><xsl:value-of select="@r4"/></td>
      <td data-v="{count($of[@verdict = 'fail'])}"><xsl:call-template
          name="verdict-bar">
        <xsl:with-param name="fail" select="count($of[@verdict = 'fail'])"/>
        <xsl:with-param name="error" select="count($of[@verdict = 'error'])"/>
        <xsl:with-param name="rest"
            select="count($of[@verdict = 'not_reviewed'])"/>
        <xsl:with-param name="pass" select="count($of[@verdict = 'pass'])"/>
        <xsl:with-param name="na"
            select="count($of[@verdict = 'not_applicable'])"/>
      </xsl:call-template></td>
      <td class="n" data-v="{count($of[@verdict = 'fail'])}"><b><xsl:value-of
          select="count($of[@verdict = 'fail'])"/></b>
        <xsl:if test="$of[@verdict = 'fail' and @waived = 1]"><small><xsl:value-of
            select="concat(count($of[@verdict = 'fail' and @waived = 1]),
            ' waived')"/></small></xsl:if></td>
      <td class="n"><xsl:value-of
          select="count($of[@verdict = 'not_reviewed'])"/></td>
      <td class="n"><xsl:value-of
          select="count($of[@verdict = 'pass'])"/></td>
    </tr>
  </xsl:template>

  <xsl:template match="e:decisions">
    <section id="decisions" aria-labelledby="decisions-h">
      <h2 id="decisions-h">Decisions</h2>
      <p class="lead">What people decided about failures and findings. A waived failure is still a failure.</p>
      <xsl:apply-templates select="e:decision"/>
    </section>
  </xsl:template>

  <xsl:template match="e:decision">
    <article id="d-{@uuid}" aria-labelledby="dt-{@uuid}">
      <div class="title">
        <h3 id="dt-{@uuid}"><xsl:value-of select="concat(translate(@kind,
            '_', ' '), ': ', @requirement, @vuln_id, ' ', @package, ' ',
            @version)"/></h3>
        <span class="waived"><xsl:value-of select="@state"/><xsl:if
            test="@in_force &gt; 0">, in force</xsl:if></span>
      </div>
      <p class="meta">
        <xsl:if test="@scope != ''"><span><xsl:value-of
            select="concat('for ', @scope)"/></span></xsl:if>
        <xsl:if test="@until != ''"><span>until <xsl:call-template name="date">
          <xsl:with-param name="at" select="@until"/>
        </xsl:call-template></span></xsl:if>
        <span><xsl:value-of select="concat('by ', @by)"/></span>
        <xsl:if test="@approved_by != ''"><span><xsl:value-of
            select="concat('approved by ', @approved_by)"/><xsl:if
            test="@approved_role != ''"><xsl:value-of select="concat(' (',
            @approved_role, ')')"/></xsl:if></span></xsl:if>
        <span><xsl:choose>
          <xsl:when test="@signed = 'no' or not(@signed)">not signed</xsl:when>
          <xsl:when test="@signed = 'bad'">its signature does not verify</xsl:when>
          <xsl:otherwise><xsl:value-of select="concat('signed, key ',
              @signed)"/></xsl:otherwise>
        </xsl:choose></span>
      </p>
      <p class="meta"><span><xsl:value-of select="concat('covers ',
          @in_force, ' of the ', @covers, ' it speaks of')"/></span></p>
      <dl class="pairs">
        <xsl:for-each select="e:why[. != ''] | e:details[. != ''] | e:gap[. != ''] |
            e:risk[. != ''] | e:compensating[. != ''] | e:plan[. != ''] |
            e:satisfied[. != '']">
          <dt><xsl:choose>
            <xsl:when test="self::e:why">Why</xsl:when>
            <xsl:when test="self::e:details">Details</xsl:when>
            <xsl:when test="self::e:gap">What is not met</xsl:when>
            <xsl:when test="self::e:risk">Risk</xsl:when>
            <xsl:when test="self::e:compensating">Compensating</xsl:when>
            <xsl:when test="self::e:plan">Plan</xsl:when>
            <xsl:otherwise>Satisfied by</xsl:otherwise>
          </xsl:choose></dt>
          <dd class="text"><xsl:value-of select="."/></dd>
        </xsl:for-each>
      </dl>
      <xsl:if test="e:event">
        <details><summary>What happened</summary>
          <ul class="short"><xsl:for-each select="e:event">
            <li><xsl:value-of select="concat(@at, ' ', @kind, ' by ', @by,
                ' ', @role, ' ', e:text)"/></li>
          </xsl:for-each></ul>
        </details>
      </xsl:if>
    </article>
  </xsl:template>
</xsl:stylesheet>
