using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Emission;

/// <summary>The parameters of a method, which are those of a delegate: emitted code finds them by their names.</summary>
internal sealed class MethodForm
{
    private readonly Dictionary<string, (short Position, Type Type)> _parameters;

    private MethodForm(Type form)
    {
        System.Reflection.MethodInfo invoke = form.GetMethod("Invoke")!;
        System.Reflection.ParameterInfo[] parameters = invoke.GetParameters();
        (Result, Types) = (invoke.ReturnType, [.. parameters.Select(parameter => parameter.ParameterType)]);
        _parameters = parameters.ToDictionary(
            parameter => parameter.Name!, parameter => ((short)parameter.Position, parameter.ParameterType), StringComparer.Ordinal);
    }

    /// <summary>The type of the result.</summary>
    public Type Result { get; }

    /// <summary>The types of the parameters.</summary>
    public Type[] Types { get; }

    /// <summary>A parameter by its name.</summary>
    public (short Position, Type Type) this[string name] => _parameters.TryGetValue(name, out (short, Type) parameter) ? parameter
        : throw new InvalidOperationException($"A method of {string.Join(", ", _parameters.Keys)} has no {name}.");

    /// <summary>The parameters of a delegate.</summary>
    public static MethodForm Of<T>()
        where T : Delegate => Form<T>.Value;

    private static class Form<T>
    {
        public static readonly MethodForm Value = new(typeof(T));
    }
}
