module chatham/peer

go 1.20

require github.com/google/differential-privacy/go/v2 v2.0.0

require (
	github.com/golang/glog v1.0.0 // indirect
	golang.org/x/exp v0.0.0-20191002040644-a1355ae1e2c3 // indirect
	gonum.org/v1/gonum v0.12.0 // indirect
)
