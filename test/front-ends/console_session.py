"""A short talk with the kernel in jupyter console, over a terminal. Run by console.test.ts; argument: the jupyter executable."""

import sys

import pexpect

console = pexpect.spawn(
    sys.argv[1],
    ["console", "--kernel", "tsbert", "--simple-prompt"],
    encoding="utf8",
    timeout=90,
    dimensions=(40, 120),
)
console.expect(r"In \[1\]:")
console.sendline("const word: string = await Promise.resolve('ha'); word.repeat(3)")
console.expect("'hahaha'")
console.expect(r"In \[2\]:")
console.sendline("nothing.here")
console.expect("Cannot find name 'nothing'")
console.expect(r"In \[3\]:")
console.sendline("word.length")
console.expect(r"Out\[3\]: 2")
console.sendeof()
console.expect("Do you really want to exit")
console.sendline("y")
console.expect(pexpect.EOF)
print("said goodbye")
