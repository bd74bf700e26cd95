package browsertest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// message is a command, an answer or an event of the protocol.
type message struct {
	ID        int             `json:"id,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    json.RawMessage `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// connection sends commands and gives their answers to those who wait.
type connection struct {
	out io.Writer

	mutex   sync.Mutex
	last    int
	waiting map[int]chan message
	events  []message
	err     error // why nothing comes any more
}

var errClosed = errors.New("the browser has ended")

func newConnection(in io.Reader, out io.Writer) *connection {
	c := &connection{out: out, waiting: map[int]chan message{}}
	go c.read(bufio.NewReader(in))
	return c
}

// read takes messages, each ended by a zero byte, until there are no more.
func (c *connection) read(in *bufio.Reader) {
	for {
		data, err := in.ReadBytes(0)
		var m message
		if err == nil {
			err = json.Unmarshal(data[:len(data)-1], &m)
		}
		c.mutex.Lock()
		switch {
		case err != nil:
			c.err = fmt.Errorf("%w: %w", errClosed, err)
			for _, w := range c.waiting {
				close(w)
			}
			c.waiting = nil
		case m.ID != 0:
			if w := c.waiting[m.ID]; w != nil {
				delete(c.waiting, m.ID)
				w <- m
			}
		default:
			c.events = append(c.events, m)
		}
		c.mutex.Unlock()
		if err != nil {
			return
		}
	}
}

// call sends a command and waits for its answer, which it puts into result, if
// that is not nil.
func (c *connection) call(ctx context.Context, session, method string, params, result any) error {
	if params == nil {
		params = struct{}{}
	}
	encoded, err := json.Marshal(params)
	if err != nil {
		return err
	}
	c.mutex.Lock()
	if c.err != nil {
		c.mutex.Unlock()
		return c.err
	}
	c.last++
	id, answer := c.last, make(chan message, 1)
	c.waiting[id] = answer
	data, err := json.Marshal(message{ID: id, SessionID: session, Method: method, Params: encoded})
	if err == nil {
		_, err = c.out.Write(append(data, 0))
	}
	c.mutex.Unlock()
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	case m, ok := <-answer:
		switch {
		case !ok:
			return fmt.Errorf("%s: %w", method, errClosed)
		case m.Error != nil:
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		case result == nil:
			return nil
		}
		return json.Unmarshal(m.Result, result)
	}
}

// taken gives the events of a session so far.
func (c *connection) taken(session string) (out []message) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, e := range c.events {
		if e.SessionID == session {
			out = append(out, e)
		}
	}
	return out
}
