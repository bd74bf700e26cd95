package serve

import (
	"embed"
	"net"
	"net/http"
	"strconv"
	"time"
)

//go:embed page
var pageFiles embed.FS

//go:embed openapi.yaml
var openAPI []byte

// contentPolicy lets the page load its own files and nothing else.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// handler serves all paths. With local set the name by which the server is
// called must be one of this machine: a foreign site whose name points here must
// not read what its visitor's own server says.
func (s *server) handler(local bool) http.Handler {
	mux := http.NewServeMux()
	for path, file := range map[string]string{"/{$}": "index.html", "/style.css": "style.css", "/script.js": "script.js", "/words.js": "words.js", "/icon.svg": "icon.svg"} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, pageFiles, "page/"+file)
		})
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		w.Write(openAPI)
	})
	mux.Handle("GET /metrics", s.metrics.handler())
	mux.HandleFunc("POST /v1/cloze", s.cloze)
	mux.HandleFunc("POST /v1/words", s.words)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			other := r.Clone(r.Context())
			other.Method = method
			if _, pattern := mux.Handler(other); pattern != "/" {
				w.Header().Set("Allow", method)
				writeError(w, http.StatusMethodNotAllowed, "this address takes "+method+" alone")
				return
			}
		}
		writeError(w, http.StatusNotFound, "there is nothing at this address")
	})
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		switch {
		case local && !localName(r.Host):
			writeError(recorder, http.StatusMisdirectedRequest, "this server answers to localhost and loopback addresses alone")
		case s.ending.Load() && r.URL.Path != "/metrics":
			h.Set("Connection", "close")
			writeError(recorder, http.StatusServiceUnavailable, errEnding.Error())
		default:
			guarded.ServeHTTP(recorder, r)
		}
		_, pattern := mux.Handler(r)
		s.metrics.observeRequest(pattern, strconv.Itoa(recorder.status), time.Since(began))
	})
}

// localName tells whether a Host header names this machine.
func localName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// statusRecorder remembers the status for the metrics.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *statusRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
