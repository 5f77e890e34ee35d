"""The first sign that a change has been taken."""

from __future__ import annotations

from tests.browser.stage import rest

# Whether the line is there, or gone, where Streamlit says that the page is in this state.
LINE = """state => {
  const app = document.querySelector('[data-testid=stApp]');
  if (app.dataset.testScriptState !== state) throw new Error(`Streamlit says ${app.dataset.testScriptState}`);
  return +getComputedStyle(app, '::before').opacity === (state === 'running' ? 1 : 0);
}"""


def test_a_line_over_the_page_says_that_it_works_and_goes(walk, address):
    page = walk(f"{address}/glossary")
    rest(page)
    page.wait_for_function(LINE, arg="notRunning")
    page.locator("[data-testid=stApp]").evaluate("app => { app.dataset.testScriptState = 'running'; }")
    page.wait_for_function(LINE, arg="running")
    page.locator("[data-testid=stApp]").evaluate("app => { app.dataset.testScriptState = 'notRunning'; }")
    page.wait_for_function(LINE, arg="notRunning")
