"""The public jupyter_kernel_test suite on our kernel. Run by jupyter-kernel-test.test.ts, which writes the kernelspec."""

import unittest

import jupyter_kernel_test


class TsbertKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "tsbert"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_page_something = "Math.max?"
    code_generate_error = "throw new Error('on purpose')"
    code_clear_output = "clearOutput()"
    code_inspect_sample = "console.log"
    code_history_pattern = "1?2?3"
    supported_history_operations = ("tail", "range", "search")
    completion_samples = [{"text": "Math.ma", "matches": {"max"}}]
    complete_code_samples = ["const a = 1", "function f() { return 1 }", "await f()"]
    incomplete_code_samples = ["const x = {", "function f() {", "`open"]
    invalid_code_samples = ["const = 1", "function function"]
    code_execute_result = [
        {"code": "1 + 1", "result": "2"},
        {"code": "'a'.repeat(3)", "result": "'aaa'"},
        {"code": "1+2+3", "result": "6"},
        {"code": "1+2+4", "result": "7"},
        {"code": "1+2+5", "result": "8"},
    ]
    code_display_data = [
        {"code": "display(1)", "mime": "text/plain"},
        {"code": "display({ toHTML: () => '<b>1</b>' })", "mime": "text/html"},
    ]


class TsbertWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "tsbert"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
