// Peer of dp_bench: Google's differential-privacy library for Go, whole numbers, processor time. Its Gaussian noise takes
// epsilon and delta and looks for sigma at every draw; the time of that search alone is taken off.
package main

import (
	"fmt"
	"runtime"
	"syscall"

	"github.com/google/differential-privacy/go/v2/noise"
)

const draws = 50000
const delta = 1e-5
const who = "Google differential-privacy (Go) v2.0.0"

// Processor time of this process.
func spent() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		panic("no processor time")
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func seconds(work func()) float64 {
	start := spent()
	for i := 0; i < draws; i++ {
		work()
	}
	return spent() - start
}

// The epsilon that has this sigma at delta.
func epsilonOf(sigma float64) float64 {
	low, high := 1e-6, 100.0
	for i := 0; i < 60; i++ {
		middle := (low + high) / 2
		if noise.SigmaForGaussian(1, 1, middle, delta) > sigma {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

func main() {
	runtime.GOMAXPROCS(1)
	gaussian, laplace := noise.Gaussian(), noise.Laplace()
	for _, scale := range []float64{1, 10, 100} {
		epsilon := epsilonOf(scale)
		search := seconds(func() { noise.SigmaForGaussian(1, 1, epsilon, delta) })
		whole := seconds(func() { gaussian.AddNoiseInt64(0, 1, 1, epsilon, delta) })
		if whole > search {
			fmt.Printf("peer\tdp.gaussian.%v\t%.6g\tM/s\t%s, without its search for sigma\n", scale, draws/1e6/(whole-search), who)
		}
		fmt.Printf("peer\tdp.laplace.%v\t%.6g\tM/s\t%s\n", scale, draws/1e6/seconds(func() { laplace.AddNoiseInt64(0, 1, 1, 1/scale, 0) }), who)
	}
}
