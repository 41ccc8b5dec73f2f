# Makes the seeds of the targets capture and mud, from nothing but what stands here. Run by seeds.sh.
import struct,os,json
out=os.path.join(os.path.dirname(os.path.abspath(__file__)),'corpus/')
def ip(proto,src,dst,body):
    h=struct.pack('>BBHHHBBH4s4s',0x45,0,20+len(body),1,0,64,proto,0,bytes(src),bytes(dst)); return h+body
def eth(p): return bytes([4]*6)+bytes([2]*6)+b'\x08\x00'+p
C=(192,168,1,20);S=(198,51,100,7)
def tcp(cl,port,seq,fl,pay=b''):
    a,b=(C,S) if cl else (S,C); sp,dp=(40000,port) if cl else (port,40000)
    return eth(ip(6,a,b,struct.pack('>HHIIBBHHH',sp,dp,seq,0,0x50,fl,1000,0,0)+pay))
def udp(a,sp,b,dp,pay): return eth(ip(17,a,b,struct.pack('>HHHH',sp,dp,8+len(pay),0)+pay))
def pcap(frames,link=1,be=False):
    e='>' if be else '<'
    d=struct.pack(e+'IHHIIII',0xa1b2c3d4,2,4,0,0,65535,link)
    for i,f in enumerate(frames): d+=struct.pack(e+'IIII',1700000000+i,0,len(f),len(f))+f
    return d
def ng(frames):
    def b(k,x): return struct.pack('<II',k,12+len(x))+x+struct.pack('<I',12+len(x))
    d=b(0x0a0d0d0a,struct.pack('<IHHq',0x1a2b3c4d,1,0,-1))+b(1,struct.pack('<HHI',1,0,0))
    for i,f in enumerate(frames):
        t=(1700000000+i)*1000000; p=f+b'\0'*(-len(f)%4)
        d+=b(6,struct.pack('<IIIII',0,t>>32,t&0xffffffff,len(f),len(f))+p)
    return d
def conv(port,*msgs):
    fr=[tcp(1,port,0,2),tcp(0,port,0,18)];q=[1,1]
    for cl,m in msgs: fr.append(tcp(cl,port,q[1-cl],16,m)); q[1-cl]+=len(m)
    return fr+[tcp(1,port,q[0],17),tcp(0,port,q[1],17)]
sni=b'\0\0\0\x12\0\x10\0\0\x0dcloud.example'
ext=sni+b'\0\x2b\0\x05\x04\x03\x04\x03\x03'
body=b'\x03\x03'+b'\7'*32+b'\0\0\x04\xc0\x2f\0\x05\x01\0'+struct.pack('>H',len(ext))+ext
ch=b'\x16\x03\x01'+struct.pack('>H',len(body)+4)+b'\x01\0'+struct.pack('>H',len(body))+body
sb=b'\x03\x01'+b'\x09'*32+b'\0\0\x05\0'
sh=b'\x16\x03\x01'+struct.pack('>H',len(sb)+4)+b'\x02\0'+struct.pack('>H',len(sb))+sb
dns=b'\0\1\x81\x80\0\1\0\1\0\0\0\0\5cloud\7example\0\0\1\0\1\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc6\x33\x64\7'
dhcp=b'\x01\x01\x06\0'+b'\0'*24+bytes([2]*6)+b'\0'*202+b'\x63\x82\x53\x63\x0c\6camera\x3c\4acme\xa1\x13https://a.example/m\xff'
files={
 'ftp.pcap':pcap(conv(2121,(0,b'220 ready\r\n'),(1,b'USER cam\r\n'),(0,b'331\r\n'),(1,b'PASS topsecret\r\n'))),
 'http.pcapng':ng(conv(80,(1,b'POST /l HTTP/1.1\r\nHost: a.example\r\nAuthorization: Basic YTpiYmJiYmJiYg==\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nuser=a&password=b'),(0,b'HTTP/1.1 200 OK\r\n\r\n'))),
 'tls.pcap':pcap(conv(443,(1,ch),(0,sh)),be=True),
 'smtp-starttls.pcap':pcap(conv(25,(0,b'220 a ESMTP\r\n'),(1,b'EHLO c\r\nSTARTTLS\r\n'),(0,b'220 go\r\n'),(1,ch),(0,sh))),
 'mqtt.pcap':pcap(conv(1883,(1,b'\x10\x1f\0\4MQTT\4\xc2\0\x3c\0\2ab\0\3cam\0\x0asupersecre'),(0,b'\x20\2\0\0'))),
 'telnet.pcap':pcap(conv(23,(0,b'\xff\xfd\x18login: '),(1,b'\xff\xfb\x18admin\r\0'),(0,b'Password: '),(1,b'secret\r\0'))),
 'udp.pcap':pcap([udp((0,0,0,0),68,(255,255,255,255),67,dhcp),udp((192,168,1,1),53,C,5000,dns),udp(C,5001,S,123,b'\x23'+b'\0'*47),udp(C,5002,S,5683,b'\x40\1\x30\x39\xb1a\1b')]),
 'raw-and-unknown.pcap':pcap([udp(C,1,S,2,b'x')[14:]],link=101),
 'radiotap.pcap':pcap([b'\0\0\x08\0\0\0\0\0abc'],link=127),
}
def fragment(o,more,part,n=7):
    return eth(struct.pack('>BBHHHBBH4s4s',0x45,0,20+len(part),n,more<<13|o//8,64,17,0,bytes(C),bytes(S))+part)
def fragment6(o,more,part):
    return bytes([4]*6)+bytes([2]*6)+b'\x86\xdd'+struct.pack('>IHBB',0x60000000,8+len(part),44,64)+b'\xfd'*16+b'\x20'*16+struct.pack('>BBHI',17,0,o|more,7)+part
whole=struct.pack('>HHHH',5000,53,8+len(dns),0)+dns
packet=udp(C,5000,S,6000,b'abc')[14:]
def radio(control,body): return control+b'\0\0'+bytes([6]*6)+bytes([2]*6)+bytes([4]*6)+b'\0\0'+body
llc=b'\xaa\xaa\3\0\0\0\x08\0'
arp=bytes([255]*6)+bytes([2]*6)+b'\x08\x06\0\1\x08\0\6\4\0\1'+bytes([2]*6)+bytes(C)+b'\0'*6+bytes(S)
ndp=b'\x88\0\0\0\x20\0\0\0'+b'\xfd'*16+b'\2\1'+bytes([2]*6)
quic=bytes.fromhex('cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100')+b'\0'*98
files.update({
 'fragments.pcap':pcap([fragment(16,0,whole[16:]),fragment(0,1,whole[:16]),fragment6(0,1,whole[:16]),fragment6(16,0,whole[16:]),fragment(0,1,whole[:16],8)]),
 'wifi.pcap':pcap([radio(b'\x08\1',llc+packet),radio(b'\x88\1',b'\0\0'+llc+packet),radio(b'\x08\x41',packet),b'\x80'*60],link=105),
 'radiotap-data.pcap':pcap([b'\0\0\x11\0\3\0\0\0'+b'\0'*8+b'\x10'+radio(b'\x08\1',llc+packet)+b'\x09'*4],link=127),
 'ppp.pcap':pcap([b'\xff\3\0\x21'+packet],link=9),
 'neighbours.pcap':pcap([arp,bytes([4]*6)+bytes([2]*6)+b'\x86\xdd'+struct.pack('>IHBB',0x60000000,len(ndp),58,255)+b'\xfd'*16+b'\xff'*16+ndp,bytes([4]*6)+bytes([2]*6)+b'\x88\x64\x11\0\0\1\0'+bytes([len(packet)+2])+b'\0\x21'+packet]),
 'quic.pcap':pcap([udp(C,5000,S,443,quic),udp(S,443,C,5000,b'\x80\0\0\0\0\0\0\0\0\0\1')]),
 'json.pcap':pcap(conv(80,(1,b'POST /l HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 42\r\n\r\n{"username":"a","password":"supersecret1"}'),(0,b'HTTP/1.1 200 OK\r\n\r\n'))),
})
for n,d in files.items(): open(out+'capture/'+n,'wb').write(d)
good={"ietf-mud:mud":{"mud-version":1,"mud-url":"https://iot.example/camera","mud-signature":"https://iot.example/camera.p7s","last-update":"2026-01-31T12:00:00+01:00","cache-validity":48,"is-supported":True,"systeminfo":"A camera","from-device-policy":{"access-lists":{"access-list":[{"name":"fr"}]}}},
"ietf-access-control-list:acls":{"acl":[{"name":"fr","type":"ipv4-acl-type","aces":{"ace":[{"name":"a","matches":{"ipv4":{"protocol":6,"ietf-acldns:dst-dnsname":"cloud.example"},"tcp":{"destination-port":{"operator":"eq","port":443},"ietf-mud:direction-initiated":"from-device"}},"actions":{"forwarding":"accept"}},{"name":"b","matches":{"ietf-mud:mud":{"local-networks":[None]},"ipv4":{"protocol":17,"destination-ipv4-network":"10.0.0.0/8"},"udp":{"source-port":{"lower-port":1,"upper-port":9}}},"actions":{"forwarding":"drop"}}]}}]}}
draft={"ietf-mud:mud":{"mud-url":"http://x","from-device-policy":{"access-lists":{"access-list":[{"acl-name":"l"}]}}},"ietf-access-control-list:access-lists":{"acl":[{"acl-name":"l","access-list-entries":{"ace":[{"rule-name":"r","matches":{"ipv4-acl":{"protocol":6,"destination-port-range":{"lower-port":9,"upper-port":9}},"eth":{"ethertype":"0x888e"},"icmp":{"type":8,"code":0},"ietf-mud:my-controller":[None]}}]}}]}}
json.dump(good,open(out+'mud/rfc8520.json','w')); json.dump(draft,open(out+'mud/draft.json','w'))
open(out+'mud/broken.json','w').write('{"ietf-mud:mud":{"mud-version":1,')
