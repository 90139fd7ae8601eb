// Reads a checkpoint from standard input with Go's signed notes: peer_notes VKEY [COSIGNER VKEY]... fails unless the log's
// signature and every named cosigner's hold, and prints how many cosignatures there were.
package main

import (
	"fmt"
	"io"
	"os"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	if err := check(os.Args[1:]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func check(keys []string) error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	var verifiers []note.Verifier
	for i, key := range keys {
		create := note.NewVerifier
		if i > 0 {
			create = func(key string) (note.Verifier, error) { return cosign.NewVerifierForCosignatureV1(key) }
		}
		verifier, err := create(key)
		if err != nil {
			return err
		}
		verifiers = append(verifiers, verifier)
	}
	read, err := note.Open(text, note.VerifierList(verifiers...))
	if err != nil {
		return err
	}
	if len(read.Sigs) != len(keys) {
		return fmt.Errorf("%d of %d keys signed", len(read.Sigs), len(keys))
	}
	fmt.Println("cosignatures", len(read.Sigs)-1)
	return nil
}
