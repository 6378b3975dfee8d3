using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Declarations;
using Strata.Compiler.Lowering;

namespace Strata.Generator.Printing;

/// <summary>A place in memory: its offset in floats, and the text for it.</summary>
internal readonly record struct Address(int Offset, string Text);

/// <summary>
/// Constants for places in memory, in a nested class. Programs write <c>Training.Conv1</c> instead of a number. The tables of a large
/// network hold numbers, so it has no such constants.
/// </summary>
internal sealed class OffsetNames
{
    private readonly string _class, _summary;
    private readonly bool _areWritten;
    private readonly List<(string Name, int Offset)> _constants = [];
    private readonly Dictionary<object, Address> _addresses = new(ReferenceComparer<object>.Instance);
    private readonly HashSet<string> _taken;

    private OffsetNames(string name, string summary, bool areWritten)
    {
        (_class, _summary, _areWritten) = (name, summary, areWritten);

        // A member may not be called as its class is, nor hide what every class has.
        _taken = [name, .. NameCheck.ObjectMembers];
    }

    /// <summary>The buffers of a program, or of several.</summary>
    /// <param name="areWritten">Whether there are constants. Otherwise places are written as numbers.</param>
    public static OffsetNames OfBuffers(string name, string summary, IEnumerable<PlannedBuffer> buffers, bool areWritten)
    {
        var names = new OffsetNames(name, summary, areWritten);
        foreach (PlannedBuffer buffer in buffers.WithCancellation())
        {
            names.Add(buffer.Buffer, buffer.Buffer.Name.Identifier, buffer.Offset);
        }

        return names;
    }

    /// <summary>The packed parameters of a tier.</summary>
    public static OffsetNames OfParameters(string name, string summary, ParameterLayout layout, bool areWritten)
    {
        var names = new OffsetNames(name, summary, areWritten);
        foreach (PackedParameter parameter in layout.Parameters)
        {
            names.Add(parameter, parameter.Identifier, parameter.Offset);
        }

        foreach (DerivedValues derived in layout.DerivedValues)
        {
            names.Add(derived, derived.Identifier, derived.Offset);
        }

        return names;
    }

    /// <summary>A place in a buffer as an expression: <c>Sample.Input + 70</c>.</summary>
    public Address At(object item, int offset)
    {
        Address address = _addresses[item];
        int sum = address.Offset + offset;
        return new Address(sum,
            !_areWritten ? Literals.Number(sum) : offset == 0 ? address.Text : $"{address.Text} + {Literals.Number(offset)}");
    }

    public void Write(SourceWriter writer)
    {
        if (_constants.Count == 0)
        {
            return;
        }

        writer.Line();
        writer.Line($"// {_summary}");
        using (writer.Block($"private static class {_class}"))
        {
            writer.Declare("public const int", _constants.Select(c => $"{c.Name} = {Literals.Number(c.Offset)}"), together: true);
        }
    }

    private void Add(object item, string name, int offset)
    {
        if (!_areWritten)
        {
            _addresses.Add(item, new Address(offset, ""));
            return;
        }

        string unique = name;
        for (int i = 2; !_taken.Add(unique); i++)
        {
            unique = name + "_" + Literals.Number(i);
        }

        _addresses.Add(item, new Address(offset, $"{_class}.{unique}"));
        _constants.Add((unique, offset));
    }
}
