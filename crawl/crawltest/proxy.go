package crawltest

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// Proxy is a proxy for HTTP and for tunnels (CONNECT), or for SOCKS 5, that leads
// to one server whatever address it is asked for.
type Proxy struct {
	// User and Password must be sent, where User is not "".
	User, Password string

	target string // host:port
	mu     sync.Mutex
	asked  []string
	all    sync.WaitGroup
	listen net.Listener
}

// Asked are the addresses, host:port, that the proxy was asked to connect to.
func (p *Proxy) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.asked...)
}

func (p *Proxy) ask(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, address)
}

// NewProxy starts a proxy for HTTP that leads to target, host:port. With secure it
// is spoken to by TLS.
func NewProxy(target string, secure bool) (*Proxy, *httptest.Server) {
	p := &Proxy{target: target}
	if secure {
		return p, httptest.NewTLSServer(p)
	}
	return p, httptest.NewServer(p)
}

// ServeHTTP serves the proxy.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(p.User+":"+p.Password))
	if p.User != "" && r.Header.Get("Proxy-Authorization") != want {
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	}
	if r.Method == http.MethodConnect {
		p.ask(r.Host)
		p.tunnel(w)
		return
	}
	if !r.URL.IsAbs() {
		http.Error(w, "not asked as a proxy", http.StatusBadRequest)
		return
	}
	host := r.URL.Host
	if r.URL.Port() == "" {
		host += ":80"
	}
	p.ask(host)
	r = r.Clone(r.Context())
	r.RequestURI = ""
	r.Host = r.URL.Host
	r.URL.Host = p.target
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		http.Error(w, "no answer", http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	w.Header()["Date"] = nil
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(resp.StatusCode)
	io.Copy(w, resp.Body)
}

func (p *Proxy) tunnel(w http.ResponseWriter) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusOK)
	client, rest, err := http.NewResponseController(w).Hijack()
	if err != nil {
		server.Close()
		return
	}
	join(client, rest, server)
}

// join copies between the two until one ends.
func join(client net.Conn, from io.Reader, server net.Conn) {
	var both sync.WaitGroup
	both.Go(func() { io.Copy(server, from); server.Close() })
	both.Go(func() { io.Copy(client, server); client.Close() })
	both.Wait()
}

// NewSOCKS starts a proxy for SOCKS 5 (RFC 1928, 1929) that leads to target. Close
// ends it.
func NewSOCKS(target string) (*Proxy, error) {
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{target: target, listen: listen}
	p.all.Go(func() {
		for {
			conn, err := listen.Accept()
			if err != nil {
				return
			}
			p.all.Go(func() {
				defer conn.Close()
				p.socks(conn)
			})
		}
	})
	return p, nil
}

// Addr is where a SOCKS proxy listens.
func (p *Proxy) Addr() string { return p.listen.Addr().String() }

// Close ends a SOCKS proxy. Its clients must have closed their connections.
func (p *Proxy) Close() error {
	err := p.listen.Close()
	p.all.Wait()
	return err
}

func (p *Proxy) socks(conn net.Conn) error {
	methods, err := field(conn, 1)
	if err != nil {
		return err
	}
	method := byte(0)
	if p.User != "" {
		method = 2
	}
	if !strings.Contains(string(methods), string(method)) {
		_, err := conn.Write([]byte{5, 0xff})
		return err
	}
	if _, err := conn.Write([]byte{5, method}); err != nil {
		return err
	}
	if method == 2 {
		user, err := field(conn, 1)
		if err != nil {
			return err
		}
		password, err := field(conn, 0)
		if err != nil {
			return err
		}
		if string(user) != p.User || string(password) != p.Password {
			_, err := conn.Write([]byte{1, 1})
			return err
		}
		if _, err := conn.Write([]byte{1, 0}); err != nil {
			return err
		}
	}
	address, err := socksAddress(conn)
	if err != nil {
		return err
	}
	p.ask(address)
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return err
	}
	if _, err := conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}); err != nil {
		return errors.Join(err, server.Close())
	}
	join(conn, conn, server)
	return nil
}

// field reads a field that its length precedes, behind so many other bytes.
func field(r io.Reader, skip int) ([]byte, error) {
	head := make([]byte, skip+1)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	data := make([]byte, head[skip])
	_, err := io.ReadFull(r, data)
	return data, err
}

// socksAddress reads a request to connect.
func socksAddress(r io.Reader) (string, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err != nil {
		return "", err
	}
	var host string
	switch head[3] {
	case 1, 4:
		ip := make(net.IP, map[byte]int{1: 4, 4: 16}[head[3]])
		if _, err := io.ReadFull(r, ip); err != nil {
			return "", err
		}
		host = ip.String()
	case 3:
		name, err := field(r, 0)
		if err != nil {
			return "", err
		}
		host = string(name)
	default:
		return "", fmt.Errorf("address of kind %d", head[3])
	}
	port := make([]byte, 2)
	if _, err := io.ReadFull(r, port); err != nil {
		return "", err
	}
	return net.JoinHostPort(host, fmt.Sprint(binary.BigEndian.Uint16(port))), nil
}
