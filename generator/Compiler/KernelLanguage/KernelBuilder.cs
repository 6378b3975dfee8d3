using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.KernelLanguage;

/// <summary>Records a kernel, statement by statement.</summary>
/// <param name="lanes">Floats in a vector.</param>
/// <param name="fuses">Whether a multiply-add is one instruction, which rounds once.</param>
internal class KernelBuilder(int lanes, bool fuses = true)
{
    private readonly Stack<List<Statement>> _open = new([[]]);
    private readonly List<Parameter> _parameters = [];
    private readonly HashSet<string> _ofSizes = [];
    private bool _hasRange;

    /// <summary>Floats in a vector.</summary>
    public int Lanes => lanes;

    /// <summary>What has been recorded.</summary>
    public Nest Nest(ElementType result = default)
    {
        IEnumerable<Parameter> range = _hasRange
            ? [new ValueParameter("first", ElementType.Int), new ValueParameter("end", ElementType.Int)] : [];
        return new(_parameters.Concat(range).ToEquatableArray(), new Block(_open.Single()), result) { Lanes = lanes };
    }

    /// <summary>The next parameter of the kernel's method, a pointer. Steps pass an operand to it.</summary>
    public Pointer Parameter(string name) => Parameter(new Pointer(name));

    public Pointer Parameter(Pointer pointer)
    {
        _parameters.Add(new PointerParameter(pointer));
        return pointer;
    }

    /// <summary>An integer as a parameter of the kernel.</summary>
    public IndexVariable IntParameter(string name)
    {
        _parameters.Add(new ValueParameter(name, ElementType.Int));
        return new IndexVariable(name);
    }

    /// <summary>A vector as the parameter of a function.</summary>
    public Variable VectorParameter(string name)
    {
        _parameters.Add(new ValueParameter(name, ElementType.Vector));
        return new Variable(name);
    }

    /// <summary>The parameter with the context of a training step, which is the same for all samples.</summary>
    public Variable ContextParameter()
    {
        _parameters.Add(new ValueParameter("step", ElementType.StepContext));
        return new Variable("step", ElementType.StepContext);
    }

    /// <summary>A multiply-add, rounded once if the tier has an instruction for it.</summary>
    public Expression MultiplyAdd(Expression left, Expression right, Expression addend) =>
        fuses ? Intrinsics.FusedMultiplyAdd(left, right, addend) : Intrinsics.MultiplyAddEstimate(left, right, addend);

    /// <summary>Whether a loop or a scope is open.</summary>
    protected bool IsInside => _open.Count > 1;

    /// <summary>Adds a statement.</summary>
    public void Add(Statement statement)
    {
        Cancellation.ThrowIfRequested();
        _open.Peek().Add(statement);
    }

    /// <summary>A line of comment in the generated code.</summary>
    public void Comment(string text) => Add(new Comment(text));

    /// <summary>A new variable.</summary>
    public Variable Let(string name, Expression value)
    {
        var variable = new Variable(name, value.Type);
        Add(new Declare(EquatableArray.Of(new Binding(variable, value))));
        return variable;
    }

    /// <summary>New variables of one type, on one line.</summary>
    public Variable[] Let(IEnumerable<(string Name, Expression Value)> variables)
    {
        (Variable Variable, Expression Value)[] list = [.. variables.Select(v => (new Variable(v.Name, v.Value.Type), v.Value))];
        if (list.Length > 0)
        {
            Add(new Declare(list.Select(v => new Binding(v.Variable, v.Value)).ToEquatableArray()));
        }

        return [.. list.Select(v => v.Variable)];
    }

    public Variable[] Let(params (string Name, Expression Value)[] variables) => Let(variables.AsEnumerable());

    /// <summary>Declares variables in the first of several rounds; in later rounds gives these variables new values.</summary>
    public Variable[] Renew(bool isFirst, params (string Name, Expression Value)[] variables)
    {
        if (isFirst)
        {
            return Let(variables);
        }

        Variable[] known = [.. variables.Select(v => new Variable(v.Name, v.Value.Type))];
        for (int i = 0; i < known.Length; i++)
        {
            Set(known[i], variables[i].Value);
        }

        return known;
    }

    /// <summary>A new integer.</summary>
    public IndexVariable LetInt(string name, Index value) => LetInts((name, value))[0];

    /// <summary>New integers, on one line.</summary>
    public IndexVariable[] LetInts(params (string Name, Index Value)[] variables)
    {
        Add(new Declare(variables.Select(v => new Binding(new IndexVariable(v.Name), v.Value)).ToEquatableArray()));
        return [.. variables.Select(v => new IndexVariable(v.Name))];
    }

    /// <summary>A new integer that is added to addresses in an innermost loop, where it needs no conversion.</summary>
    public IndexVariable LetOffset(string name, Index value)
    {
        var variable = new IndexVariable(name) { IsOffset = true };
        Add(new Declare(EquatableArray.Of(new Binding(variable, value))));
        return variable;
    }

    /// <summary>New vectors that begin at zero.</summary>
    public void LetZeros(IEnumerable<Variable> variables) => Add(new DeclareZeros(variables.ToEquatableArray()));

    /// <summary>Sets a variable.</summary>
    public void Set(Expression variable, Expression value) => Add(new Assign(variable, value));

    /// <summary>Adds to a variable.</summary>
    public void Increase(Variable variable, Expression by) => Set(variable, variable + by);

    /// <summary>Writes to memory.</summary>
    public void Store(Reference target, Expression value) => Add(new Store(target, value));

    /// <summary>Calls a function for its effect.</summary>
    public void Run(Call call) => Add(new Evaluate(call));

    public void Return(Expression value) => Add(new Return(value));

    /// <summary>A new pointer to a place.</summary>
    public Pointer PointTo(string name, Reference target) => PointTo((name, target))[0];

    /// <summary>New pointers, on one line.</summary>
    public Pointer[] PointTo(params (string Name, Reference Target)[] pointers)
    {
        PointerBinding[] bindings = [.. pointers.Select(p => new PointerBinding(new Pointer(p.Name, p.Target.Pointer.Element), p.Target))];
        Add(new Point(EquatableArray.Of(bindings), Declares: true));
        return [.. bindings.Select(b => b.Pointer)];
    }

    /// <summary>Moves pointers, on one line.</summary>
    public void Advance(params (Pointer Pointer, Index By)[] pointers)
    {
        PointerBinding[] moved = [.. pointers.Where(p => !p.By.Is(0)).Select(p => new PointerBinding(p.Pointer, p.Pointer + p.By))];
        if (moved.Length > 0)
        {
            Add(new Point(EquatableArray.Of(moved), Declares: false));
        }
    }

    /// <summary>Prints the statements that <paramref name="record"/> records with as many on a line as fit.</summary>
    public void Group(Action record)
    {
        _open.Push([]);
        record();
        List<Statement> statements = _open.Pop();
        if (statements.Count > 0)
        {
            Add(new Group(statements.ToEquatableArray()));
        }
    }

    /// <summary>A loop, even if it runs once. What is recorded until the result is disposed of belongs to it.</summary>
    public Scope For(string name, Index first, Index end, Index step, out IndexVariable variable)
    {
        IndexVariable index = variable = new IndexVariable(name);
        return Open(body => new For(index, first, Extent(end, name), step, body));
    }

    /// <summary>
    /// Loops whose extents depend on the size of the network. They are written even if they run once, and their extents have names in any
    /// case, so that kernels of several sizes have one form.
    /// </summary>
    public void DependOnSize(params string[] loops) => _ofSizes.UnionWith(loops);

    /// <summary>Whether a loop is one of <see cref="DependOnSize"/>.</summary>
    public bool DependsOnSize(string loop) => _ofSizes.Contains(loop);

    /// <summary>A number of such a loop; otherwise one that has a name unless it changes the form.</summary>
    public Number OfLoop(string loop, int value, string name) => DependsOnSize(loop) ? new Number(value, name) : Number.Named(value, name);

    public Scope For(string name, Index end, out IndexVariable variable) => For(name, 0, end, 1, out variable);

    /// <summary>Nested loops from 0. A loop that would run once is left out, and its variable is 0.</summary>
    public Scope Loops(out Index[] variables, params (string Name, int Count, int Step)[] loops)
    {
        variables = [.. loops.Select(l => IsLoop(l) ? new IndexVariable(l.Name) : (Index)0)];
        Scope[] scopes = [.. loops.Where(IsLoop).Select(l => For(l.Name, 0, l.Count, StepOf(l.Name, l.Step), out _))];
        return new Scope(() =>
        {
            foreach (Scope scope in Enumerable.Reverse(scopes))
            {
                scope.Dispose();
            }
        });
    }

    /// <summary>
    /// Loops like <see cref="Loops"/>, whose iterations are the kernel's items. The kernel gets the range of items to do as parameters,
    /// <c>first</c> to <c>end</c> − 1. With a single item there is no range.
    /// </summary>
    public Scope Items(out Index[] variables, params (string Name, int Count, int Step)[] loops)
    {
        (string Name, int Count, int Step)[] several = [.. loops.Where(IsLoop)];
        IndexVariable? item = null;
        Scope scope = several.Length switch
        {
            0 => default,
            1 => Items(several[0].Name, several[0].Step, out _),
            _ => Items("item", 1, out item),
        };
        if (item is not null)
        {
            // The last loop is the fastest.
            Index rest = item;
            var indices = new Stack<(string Name, Index Index)>();
            for (int i = several.Length - 1; i > 0; i--)
            {
                (string name, int count, int step) = several[i];
                Index rounds = OfLoop(name, Arithmetic.CeilingDivide(count, step), name + "Rounds");
                indices.Push((name, rest % rounds * step));
                rest /= rounds;
            }

            indices.Push((several[0].Name, rest * several[0].Step));
            LetInts([.. indices]);
        }

        variables = [.. loops.Select(l => IsLoop(l) ? new IndexVariable(l.Name) : (Index)0)];
        return scope;
    }

    /// <summary>A loop over the kernel's items, if only the callers know their number.</summary>
    public Scope Items(string name, int step, out IndexVariable variable)
    {
        _hasRange = true;
        return For(name, new IndexVariable("first") * step, new IndexVariable("end") * step, step, out variable);
    }

    /// <summary>A loop over runs of items, around a loop over those items of a run that are to be computed.</summary>
    /// <param name="ofGroup">The items of a run.</param>
    /// <param name="begin">Records what the items of a run have in common. It comes before them. Takes the number of the run.</param>
    public Scope Items(string name, Index ofGroup, Action<IndexVariable> begin, out IndexVariable variable)
    {
        _hasRange = true;
        IndexVariable first = new("first"), end = new("end");
        Scope groups = For(name + "Group", first / ofGroup, (end + ofGroup - 1) / ofGroup, 1, out IndexVariable group);
        begin(group);
        Scope items = For(name, Index.Max(first, group * ofGroup), Index.Min(end, (group + 1) * ofGroup), 1, out variable);
        return new Scope(() =>
        {
            items.Dispose();
            groups.Dispose();
        });
    }

    /// <summary>A scope of its own for variables.</summary>
    public Scope Braces() => Open(body => body with { IsScope = true });

    /// <summary>
    /// Applies a formula to values. The formula is written in place, unless that would compute a value twice: then a method of this name is
    /// called.
    /// </summary>
    public static Expression Apply(string name, Expression formula, params (Variable Variable, Expression Value)[] variables) =>
        Formula.Apply(name, formula, variables);

    protected Scope Open(Func<Block, Statement> close)
    {
        _open.Push([]);
        return new Scope(() =>
        {
            var body = new Block(_open.Pop());
            Add(close(body));
        });
    }

    /// <summary>The number of iterations gets a name: it may differ among kernels that share a method.</summary>
    private Index Extent(Index end, string loop) =>
        end is Number { Name: "" } number ? OfLoop(loop, number.Value, loop + "Count") : end;

    private Index StepOf(string loop, int step) => DependsOnSize(loop) ? new Number(step, loop + "Step") : step;

    private bool IsLoop((string Name, int Count, int Step) loop) => loop.Count > loop.Step || DependsOnSize(loop.Name);

    /// <summary>Ends a scope when it is disposed of.</summary>
    public readonly struct Scope(Action? end) : IDisposable
    {
        public void Dispose() => end?.Invoke();
    }
}
