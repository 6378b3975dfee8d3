using System;
using System.Collections.Generic;
using System.Reflection.Emit;

namespace Strata.Compiler.Emission;

/// <summary>A variable of a method: a parameter or a local.</summary>
/// <param name="Type">Its type; a reference for a pointer.</param>
/// <param name="Argument">The parameter's number; −1 for a local.</param>
internal sealed record Slot(Type Type, int Argument, LocalBuilder? Local = null);

/// <summary>
/// The variables that are known at a place, by name. Locals of scopes that have ended serve again, as in C#: the JIT tracks a limited
/// number.
/// </summary>
internal sealed class Locals(ILGenerator il)
{
    private readonly Dictionary<string, Slot> _known = new(StringComparer.Ordinal);
    private readonly Stack<List<string>> _scopes = new([[]]);
    private readonly Dictionary<Type, Stack<LocalBuilder>> _free = [];

    public Slot this[string name] => _known[name];

    public void AddArgument(string name, Type type, int number) => _known.Add(name, new Slot(type, number));

    /// <summary>A new local of the current scope.</summary>
    public Slot Declare(string name, Type type)
    {
        var slot = new Slot(type, -1, Take(type));
        _known.Add(name, slot);
        _scopes.Peek().Add(name);
        return slot;
    }

    public void Open() => _scopes.Push([]);

    public void Close()
    {
        foreach (string name in _scopes.Pop())
        {
            GiveBack(_known[name].Local!);
            _known.Remove(name);
        }
    }

    /// <summary>A local without a name, which the caller gives back.</summary>
    public LocalBuilder Take(Type type) =>
        _free.TryGetValue(type, out Stack<LocalBuilder>? free) && free.TryPop(out LocalBuilder? local) ? local : il.DeclareLocal(type);

    public void GiveBack(LocalBuilder local)
    {
        if (!_free.TryGetValue(local.LocalType, out Stack<LocalBuilder>? free))
        {
            _free.Add(local.LocalType, free = new());
        }

        free.Push(local);
    }
}
