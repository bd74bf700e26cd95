package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// untilInterrupted returns a context that the first SIGINT or SIGTERM cancels,
// so that the work can end in good order. The second one ends the process at
// once: whatever is half done is in temporary folders and does no harm.
func untilInterrupted(parent context.Context, a *app) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done, told := make(chan struct{}), make(chan struct{})
	go func() {
		select {
		case s := <-signals:
			cancel(fmt.Errorf("%w by %s", errInterrupted, signalName(s)))
			go func() {
				defer close(told)
				a.tell("stopping; once more to stop at once")
			}()
		case <-done:
			return
		}
		select {
		case <-signals:
			said := make(chan struct{})
			go func() {
				defer close(said)
				<-told
				a.tell("stopped at once; run again to go on from the last checkpoint")
			}()
			select {
			case <-said:
			case <-time.After(time.Second): // nobody reads the messages
			}
			os.Exit(exitInterrupted)
		case <-done:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}

func signalName(s os.Signal) string {
	if s == os.Interrupt {
		return "Ctrl-C"
	}
	return "SIGTERM"
}
