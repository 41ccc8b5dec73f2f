@ The payload in the uImage: a few instructions for an ARM board. It is no kernel and contains none.
@ It waits for an interrupt for ever; a product would have Linux here.
@ SPDX-License-Identifier: Apache-2.0 OR MIT
        .arch armv7-a
        .arm
        .global _start
_start: cpsid   if
1:      wfi
        b       1b
        .align  4
        .ascii  "Sekisho example firmware: this payload stands where the kernel of a product would be. It is no kernel.\n"
        .rept   8
        .ascii  "Sekisho example payload, for show. "
        .endr
        .align  4
