// Package browsertest drives Chromium in tests: opens a page, clicks, types,
// looks at the result. Where no Chromium is installed the test is skipped.
//
// It speaks the DevTools protocol over the browser's pipe, so that no port is
// opened and nothing but encoding/json is needed. Waiting is done in the page, on
// a condition, and bounded by the test's deadline and by [Patience].
package browsertest
