"""Writes what PostgreSQL answers behind each expression of the files given: expression => answer.

usage: collect-expressions.py 'psql connection options' file...

A line "set name = value" changes a setting for the lines after it; one that begins with "setof " is a
set-returning call, whose rows are joined by semicolons; one that begins with # is a comment. Answers are the text of the value, \\N for null, or ! and the SQLSTATE, the message and the detail.
"""
import re, subprocess, sys

ARROW = ' \u21d2 '
options = sys.argv[1].split()
for path in sys.argv[2:]:
    lines = [l.rstrip('\n').split(ARROW)[0] for l in open(path, encoding='utf8')]
    script = ["\\set VERBOSITY verbose", "\\pset null '\\\\N'", "\\pset format unaligned", "\\pset tuples_only on",
              "set timezone = 'America/New_York';"]
    for i, line in enumerate(lines):
        script += ["\\echo @@%d" % i, "\\warn @@%d" % i]
        if line.startswith('set '):
            script.append(line + ';')
        elif line.startswith('setof '):
            script.append("select string_agg(coalesce(x::text, 'NULL'), ';') from %s x;" % line[6:])
        elif line and not line.startswith('#'):
            script.append("select (%s);" % line)
    run = subprocess.run(['psql', '-X', '-q'] + options, input='\n'.join(script), text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf8')
    def split(text):
        parts = re.split(r'^@@(\d+)\n', text, flags=re.M)
        return {int(parts[k]): parts[k + 1].rstrip('\n') for k in range(1, len(parts), 2)}
    out, err = split(run.stdout), split(run.stderr)
    with open(path, 'w', encoding='utf8') as f:
        for i, line in enumerate(lines):
            if not line or line.startswith('#') or line.startswith('set '):
                f.write(line + '\n')
                continue
            failure = re.search(r'^ERROR:  (\w{5}): (.*?)(?:\n(?:LINE|DETAIL|LOCATION|HINT|CONTEXT|SQL)|$)',
                                err.get(i, ''), flags=re.M | re.S)
            detail = re.search(r'^DETAIL:  (.*)$', err.get(i, ''), flags=re.M)
            if failure:
                answer = '!%s %s' % (failure.group(1), failure.group(2))
                if detail:
                    answer += ' || ' + detail.group(1)
            else:
                answer = out[i].replace('\\', '\\\\').replace('\n', '\\n') if out[i] != '\\N' else '\\N'
            f.write(line + ARROW + answer.replace('\n', '\\n') + '\n')
