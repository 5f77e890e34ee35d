"""What a person set: fields as data, the address, memory and undo. How a page uses it:

1. In `views/<address>/question.py`, the fields and the question. A field is an entry of `state.fields` (`Slider`,
   `Stepper`, `Step`, `Choice`, `Toggle`, `Text`, `Note`), of `state.typed_table` (`Table`) or of `state.components`
   (p by its components, on the line and in the plane). Its key is its name in the address: never change one that was
   published; add the old name to `once`, an old title of a choice to `was`. `Question` is a frozen dataclass of plain
   values, made of the fields; `to_python()` writes the lines that reproduce the numbers of the page.
2. In `views/<address>/scene.py`, `@kept(256)` (or `@long`, `@stoppable`) on a function of the question (or of parts of
   it: all arguments are hashable) that returns a frozen `Scene`, which holds the question. `charts`, `words` and
   `takeaway` are functions of the scene and of the units.
3. In the script of the page, in this order:

       units = shell.open_page("pages/this.py")   # before anything else
       session.restore(*FIELDS)                   # every field has its value from here on
       values = [field.draw() for field in …]     # in any layout
       question = session.ask(Question(…))
       session.keep()                             # memory, undo and the address: once all controls are drawn
       session.undo_button()

   Fields that depend on what is set (the scalars of a typed objective) are restored once that is known; fields of the
   same names that belong to different things (the sliders of a lesson) are told apart by `restore(…, part=name)`. In a
   fragment, `restore` again, and `keep` where `session.runs_alone()`: where it does not, its page does so later. At
   its end such a fragment asks for `session.renew_undo()`, as it can draw nothing outside itself.
4. Buttons are drawn with `callbacks.button(label, action, *arguments)`, whose action sets fields by key:
   `session.put({key: value})`. Any other callback is handed over as `guarded(action)`.

`tests/pages/test_questions.py` then flips every field of the page. A control that shows the same answer otherwise is
named there, in VIEW_ONLY; any other must change the question, its Python, and what the page shows.
"""
