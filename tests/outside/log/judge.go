// What does Go's checksum database code say about our log? One JSON question a line,
// one JSON answer a line; golang.org/x/mod/sumdb (tlog, note) does all the thinking.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tileHeight of C2SP tlog-tiles; its addresses leave out what never changes.
const tileHeight = 8

type question struct {
	Ask    string            `json:"ask"`
	Leaves [][]byte          `json:"leaves"`
	Index  int64             `json:"index"`
	Old    int64             `json:"old"`
	Size   int64             `json:"size"`
	Root   []byte            `json:"root"`
	Before []byte            `json:"before"`
	Leaf   []byte            `json:"leaf"`
	Path   [][]byte          `json:"path"`
	Tiles  map[string][]byte `json:"tiles"`
	Note   string            `json:"note"`
	Keys   []string          `json:"keys"`
	Text   string            `json:"text"`
	Name   string            `json:"name"`
}

type answer struct {
	Error       string   `json:"error"`
	Root        []byte   `json:"root"`
	Before      []byte   `json:"before"`
	Inclusion   [][]byte `json:"inclusion"`
	Consistency [][]byte `json:"consistency"`
	Leaves      [][]byte `json:"leaves"`
	Text        string   `json:"text"`
	Signed      []string `json:"signed"`
	Unknown     []string `json:"unknown"`
	Key         string   `json:"key"`
	Note        string   `json:"note"`
}

var asked = map[string]func(question) (answer, error){
	"tree":         tree,
	"included":     included,
	"consistent":   consistent,
	"tiles":        tiles,
	"open":         open,
	"sign":         sign,
	"tree of note": treeOfNote,
}

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var q question
		if err := in.Decode(&q); err == io.EOF {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		work, ok := asked[q.Ask]
		if !ok {
			log.Fatalf("unknown question %q", q.Ask)
		}
		a, err := work(q)
		if err != nil {
			a = answer{Error: err.Error()}
		}
		if err := out.Encode(a); err != nil {
			log.Fatal(err)
		}
	}
}

// tree grows a log leaf by leaf as Go does and proves a place and a beginning.
func tree(q question) (answer, error) {
	var stored []tlog.Hash
	read := reader(&stored)
	for n, leaf := range q.Leaves {
		hashes, err := tlog.StoredHashes(int64(n), leaf, read)
		if err != nil {
			return answer{}, err
		}
		stored = append(stored, hashes...)
	}
	return proven(int64(len(q.Leaves)), q, read)
}

// regrown is the root over leaf hashes alone.
func regrown(leaves []tlog.Hash) (tlog.Hash, error) {
	var stored []tlog.Hash
	read := reader(&stored)
	for n, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(int64(n), leaf, read)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, hashes...)
	}
	return tlog.TreeHash(int64(len(leaves)), read)
}

func reader(stored *[]tlog.Hash) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = (*stored)[index]
		}
		return found, nil
	})
}

func proven(size int64, q question, read tlog.HashReader) (answer, error) {
	root, err := tlog.TreeHash(size, read)
	if err != nil {
		return answer{}, err
	}
	before, err := tlog.TreeHash(q.Old, read)
	if err != nil {
		return answer{}, err
	}
	place, err := tlog.ProveRecord(size, q.Index, read)
	if err != nil {
		return answer{}, err
	}
	grown, err := tlog.ProveTree(size, q.Old, read)
	return answer{
		Root: root[:], Before: before[:],
		Inclusion: plain(place), Consistency: plain(grown),
	}, err
}

// included and consistent check a proof that we made (or broke).
func included(q question) (answer, error) {
	path := tlog.RecordProof(hashes(q.Path))
	return answer{}, tlog.CheckRecord(path, q.Size, hash(q.Root), q.Index, hash(q.Leaf))
}

func consistent(q question) (answer, error) {
	path := tlog.TreeProof(hashes(q.Path))
	return answer{}, tlog.CheckTree(path, q.Size, hash(q.Root), q.Old, hash(q.Before))
}

// tiles reads every leaf hash through a client that believes only the root. Before
// x/mod 0.40 it left tiles unchecked (CVE-2026-56865; these tests found it too), so
// the leaves must also grow to that root.
func tiles(q question) (answer, error) {
	read := tlog.TileHashReader(
		tlog.Tree{N: q.Size, Hash: hash(q.Root)}, served{q.Tiles},
	)
	indexes := make([]int64, q.Size)
	for n := range indexes {
		indexes[n] = tlog.StoredHashIndex(0, int64(n))
	}
	found, err := read.ReadHashes(indexes)
	if err != nil {
		return answer{}, err
	}
	if root, err := regrown(found); err != nil || root != hash(q.Root) {
		return answer{}, fmt.Errorf("the leaves grow to %v, %v", root, err)
	}
	a, err := proven(q.Size, q, read)
	a.Leaves = plain(found)
	return a, err
}

type served struct{ tiles map[string][]byte }

func (s served) Height() int { return tileHeight }

func (s served) SaveTiles([]tlog.Tile, [][]byte) {}

func (s served) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight), "tile/", 1)
		data, ok := s.tiles[path]
		if !ok {
			return nil, fmt.Errorf("no tile %s", path)
		}
		found = append(found, data)
	}
	return found, nil
}

// open reads a note with the keys we know.
func open(q question) (answer, error) {
	var known []note.Verifier
	for _, key := range q.Keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return answer{}, err
		}
		known = append(known, verifier)
	}
	found, err := note.Open([]byte(q.Note), note.VerifierList(known...))
	if err != nil {
		return answer{}, err
	}
	return answer{Text: found.Text, Signed: ids(found.Sigs), Unknown: ids(found.UnverifiedSigs)}, nil
}

// sign makes a note with a new key of Go's, for our reader.
func sign(q question) (answer, error) {
	secret, public, err := note.GenerateKey(nil, q.Name)
	if err != nil {
		return answer{}, err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return answer{}, err
	}
	made, err := note.Sign(&note.Note{Text: q.Text}, signer)
	return answer{Key: public, Note: string(made)}, err
}

// treeOfNote reads size and root; Go's own log has a first line of its own.
func treeOfNote(q question) (answer, error) {
	_, rest, _ := strings.Cut(q.Text, "\n")
	found, err := tlog.ParseTree([]byte("go.sum database tree\n" + rest))
	if err != nil {
		return answer{}, err
	}
	again := tlog.FormatTree(found)
	if !bytes.HasSuffix(again, []byte("\n"+rest)) {
		return answer{}, fmt.Errorf("Go would write %q", again)
	}
	return answer{Text: fmt.Sprint(found.N), Root: found.Hash[:]}, nil
}

func ids(signatures []note.Signature) []string {
	found := []string{}
	for _, one := range signatures {
		found = append(found, fmt.Sprintf("%s+%08x", one.Name, one.Hash))
	}
	return found
}

func hash(data []byte) (found tlog.Hash) {
	if len(data) == len(found) {
		copy(found[:], data)
	}
	return found
}

func hashes(data [][]byte) []tlog.Hash {
	found := make([]tlog.Hash, len(data))
	for i, one := range data {
		found[i] = hash(one)
	}
	return found
}

func plain(found []tlog.Hash) [][]byte {
	data := make([][]byte, len(found))
	for i := range found {
		data[i] = found[i][:]
	}
	return data
}
