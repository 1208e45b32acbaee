"""The live page: the last records that this worker published, for people; nothing is kept beyond them."""

from __future__ import annotations

from collections import deque
from typing import Any

import orjson

from stream_app.core.hops import DUPLICATES, ENRICHED, REVISIONS, TOLLS, Output

_SHOWN = 30
_TOPICS = (ENRICHED, DUPLICATES, TOLLS, REVISIONS)


class Live:
    """The last thirty records of each topic that people look at."""

    def __init__(self) -> None:
        self._last: dict[str, deque[bytes]] = {topic: deque(maxlen=_SHOWN) for topic in _TOPICS}

    def note(self, output: Output) -> None:
        """Remember a record for the page; a tombstone has nothing to show."""
        if output.value is not None and output.topic in self._last:
            self._last[output.topic].append(output.value)

    def snapshot(self) -> bytes:
        """JSON of the last records by topic, newest first."""
        rows: dict[str, Any] = {
            topic: [orjson.Fragment(value) for value in reversed(values)] for topic, values in self._last.items()
        }
        return orjson.dumps(rows)


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>stream-app</title>
<style>
 body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem;max-width:75rem;color:#222}
 h1{font-size:1.3rem} h2{font-size:1.05rem;margin:1.4rem 0 .4rem;border-bottom:1px solid #ccc}
 .row{padding:.3rem 0;border-bottom:1px solid #eee} .killed{color:#b00020;font-weight:600}
 .injured{color:#b35900;font-weight:600} .displaced{color:#1a4fa3;font-weight:600} small{color:#666}
 mark.killed,mark.casualty{background:#ffd6d6} mark.injured{background:#ffe8cc} mark.displaced{background:#d9e6ff}
 mark.missing,mark.abducted,mark.captured{background:#ecdcff}
</style></head><body>
<h1>stream-app, live</h1><small id="at">waiting for records</small>
<h2>Tolls as they stand</h2><div id="tolls"></div>
<h2>Revisions</h2><div id="revisions"></div>
<h2>Enriched events</h2><div id="enriched"></div>
<h2>Copies</h2><div id="duplicates"></div>
<script>
const el=(tag,text,cls)=>{const e=document.createElement(tag);e.textContent=text;if(cls)e.className=cls;return e};
const range=b=>b===null?"-":b.high===null?"\\u2265"+b.low:b.low===b.high?""+b.low:b.low+"-"+b.high;
const toll=t=>Object.entries(t).map(([k,b])=>el("span",k+" "+range(b)+"  ",k));
const row=(...parts)=>{const d=el("div","","row");d.append(...parts);return d};
function marked(e){
  const f=e.casualties.filter(c=>c.field==="text").sort((a,b)=>a.start-b.start),d=el("div","");
  const chars=Array.from(e.text);let at=0;
  for(const c of f.slice(0,6)){if(c.start<at)continue;
    d.append("\\u2026"+chars.slice(Math.max(at,c.start-50),c.start).join(""));
    const m=el("mark",chars.slice(c.start,c.end).join(""),c.kind);m.title=c.kind+" "+range(c)+" ("+c.rule+")";d.append(m);
    d.append(chars.slice(c.end,c.end+40).join("")+"\\u2026 ");at=c.end}
  return d}
const show={
 "incidents.tolls":["tolls",t=>row(el("b",(t.place&&(t.place.name||t.place.country_code)||"place unknown")+": "),...toll(t.toll),
   el("small",t.origins+" origin(s), "+t.articles.length+" article(s), "+t.incident_id))],
 "incidents.revisions":["revisions",r=>row(el("small",r.when+" "),el("b",(r.kind||"")+" "),range(r.old)+" \\u2192 "+range(r.new)+" ",
   el("small",r.why+", article "+r.article_id))],
 "articles.enriched":["enriched",e=>row(el("b",e.title||Array.from(e.text).slice(0,90).join("")),marked(e),...toll(e.toll))],
 "articles.duplicates":["duplicates",d=>row(d.article_id+" is an "+d.verdict+" copy of "+d.of+" ",el("small",d.why))]};
async function tick(){
  try{
    const live=await (await fetch("live.json")).json();
    for(const [topic,[id,draw]] of Object.entries(show)){
      let rows=live[topic];
      if(topic==="incidents.tolls"){const seen=new Set();rows=rows.filter(t=>!seen.has(t.incident_id)&&seen.add(t.incident_id))}
      document.getElementById(id).replaceChildren(...rows.map(draw))}
    document.getElementById("at").textContent="updated "+new Date().toLocaleTimeString();
  }catch(error){document.getElementById("at").textContent="the worker does not answer"}
  setTimeout(tick,2000)}
tick();
</script></body></html>
"""
