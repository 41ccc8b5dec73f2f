# Makes the seeds of the target results out of what the tests keep, with fewer entries of each list. Run by seeds.sh.
import csv, io, json, os, re
here = os.path.dirname(os.path.abspath(__file__))
golden = os.path.join(here, '../crates/sekisho-import/tests/data/')
out = os.path.join(here, 'corpus/results/')
os.makedirs(out, exist_ok=True)
def read(name):
    with open(golden + name, encoding='utf-8') as file:
        return file.read()
def write(name, text):
    with open(out + name, 'w', encoding='utf-8', newline='') as file:
        file.write(text)
def written(value):
    return json.dumps(value, indent=0) + '\n'

def few(node, most):
    if isinstance(node, dict):
        return {key: few(value, most) for key, value in node.items()}
    return [few(item, most) for item in node[:most]] if isinstance(node, list) else node
def lean(node):
    # Commands' results are objects with a status; certificates are read from their PEM.
    if isinstance(node, dict):
        kept = lambda key: key == 'as_pem' or not re.search(r'^(subject|issuer|public_key|fingerprint|serial|signature|hpkp|uuid|error_trace|verified|peer|rejected)', key)
        return {key: lean(value) for key, value in node.items() if kept(key)}
    return [lean(item) for item in node] if isinstance(node, list) else node
for name in ['sslyze-bad', 'sslyze-good']:
    write(name + '.json', written(few(lean(json.loads(read(name + '.json'))), 2)))

# Of testssl.sh's records of suites the first few.
def some(records, of):
    ciphers = [record for record in records if re.match('cipher[-_]', of(record))]
    return [record for record in records if record not in ciphers[4:]]
records = json.loads(read('testssl-bad.json'))
write('testssl.json', written(some(records, lambda record: record['id'])))
pretty = json.loads(read('testssl-good-pretty.json'))
for target in pretty['scanResult']:
    for key, value in target.items():
        if isinstance(value, list):
            target[key] = some(value, lambda record: record['id'])
write('testssl-pretty.json', written(pretty))
rows = io.StringIO()
csv.writer(rows, quoting=csv.QUOTE_ALL, lineterminator='\n').writerows(some(list(csv.reader(io.StringIO(read('testssl-good.csv')))), lambda row: row[0]))
write('testssl.csv', rows.getvalue())

nmap = read('nmap.xml')
def two(match):
    tables = re.findall(r'<table>.*?</table>\s*', match[2], re.S)
    return match[1] + ''.join(tables[:2]) + match[3]
nmap = re.sub(r'(<table key="ciphers">\s*)(.*?</table>\s*)(</table>)', two, nmap, flags=re.S)
write('nmap.xml', nmap)
write('nmap-cut.xml', nmap[: len(nmap) // 2])
write('ssh-audit.json', read('ssh-audit.json'))
