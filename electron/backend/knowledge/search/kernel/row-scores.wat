;; Dot products of one query with a run of rows, for the exact search in vector-table.ts. Compiled by electron/tools/kernel.mjs into
;; row-scores-bytes.ts; scalar-kernel.ts does the same additions in the same order, bit for bit.
;;
;; Everything lies in one memory, float32, little endian. A row and the query take `stride` bytes each, a multiple of 64; what a vector
;; lacks to that length is zeros. `held` and `readable` point to one byte a row, 1 or 0: a row counts when both are 1.
(module
  (import "kernel" "memory" (memory 1))

  ;; Writes one score a row to `scores`, -Infinity for a row that does not count, and gives the best of them.
  (func (export "score_rows")
    (param $row i32) (param $rows i32) (param $stride i32) (param $query i32)
    (param $held i32) (param $readable i32) (param $scores i32)
    (result f32)
    (local $best f32) (local $score f32)
    (local $at i32) (local $row_end i32) (local $scores_end i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $best (f32.const -inf))
    (local.set $scores_end (i32.add (local.get $scores) (i32.shl (local.get $rows) (i32.const 2))))
    (block $done
      (loop $each_row
        (br_if $done (i32.ge_u (local.get $scores) (local.get $scores_end)))
        (local.set $row_end (i32.add (local.get $row) (local.get $stride)))
        (local.set $score (f32.const -inf))
        (if (i32.and (i32.load8_u (local.get $held)) (i32.load8_u (local.get $readable)))
          (then
            ;; Four sums that do not wait for one another: the loop runs as fast as memory gives the rows.
            (local.set $a (v128.const f32x4 0 0 0 0))
            (local.set $b (v128.const f32x4 0 0 0 0))
            (local.set $c (v128.const f32x4 0 0 0 0))
            (local.set $d (v128.const f32x4 0 0 0 0))
            (local.set $at (local.get $query))
            (loop $each_16
              (local.set $a (f32x4.add (local.get $a) (f32x4.mul (v128.load offset=0 (local.get $at)) (v128.load offset=0 (local.get $row)))))
              (local.set $b (f32x4.add (local.get $b) (f32x4.mul (v128.load offset=16 (local.get $at)) (v128.load offset=16 (local.get $row)))))
              (local.set $c (f32x4.add (local.get $c) (f32x4.mul (v128.load offset=32 (local.get $at)) (v128.load offset=32 (local.get $row)))))
              (local.set $d (f32x4.add (local.get $d) (f32x4.mul (v128.load offset=48 (local.get $at)) (v128.load offset=48 (local.get $row)))))
              (local.set $at (i32.add (local.get $at) (i32.const 64)))
              (local.set $row (i32.add (local.get $row) (i32.const 64)))
              (br_if $each_16 (i32.lt_u (local.get $row) (local.get $row_end))))
            (local.set $a (f32x4.add (f32x4.add (local.get $a) (local.get $b)) (f32x4.add (local.get $c) (local.get $d))))
            (local.set $score
              (f32.add
                (f32.add (f32x4.extract_lane 0 (local.get $a)) (f32x4.extract_lane 1 (local.get $a)))
                (f32.add (f32x4.extract_lane 2 (local.get $a)) (f32x4.extract_lane 3 (local.get $a)))))
            (if (f32.gt (local.get $score) (local.get $best)) (then (local.set $best (local.get $score))))))
        (f32.store (local.get $scores) (local.get $score))
        (local.set $scores (i32.add (local.get $scores) (i32.const 4)))
        (local.set $held (i32.add (local.get $held) (i32.const 1)))
        (local.set $readable (i32.add (local.get $readable) (i32.const 1)))
        (local.set $row (local.get $row_end))
        (br $each_row)))
    (local.get $best)))
