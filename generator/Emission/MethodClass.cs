using System;
using System.Reflection;
using System.Reflection.Emit;

namespace Strata.Compiler.Emission;

/// <summary>
/// A class of static methods that is being written. A <see cref="CompilerServices.MethodTable"/> finds them when it is complete.
/// </summary>
/// <param name="limit">Counts the code; null to make any amount.</param>
internal sealed class MethodClass(ModuleBuilder module, string name, CodeLimit? limit = null)
{
    private readonly TypeBuilder _type = module.DefineType(name, TypeAttributes.Abstract | TypeAttributes.Sealed);

    /// <summary>Begins a method.</summary>
    public MethodBuilder Define(string name, Type result, Type[] parameters, MethodImplAttributes attributes)
    {
        MethodBuilder method = _type.DefineMethod(name, MethodAttributes.Static | MethodAttributes.Assembly, result, parameters);
        method.SetImplementationFlags(attributes);
        return method;
    }

    /// <summary>A field with constants.</summary>
    public FieldInfo Data(string name, byte[] bytes) => _type.DefineInitializedData(name, bytes, FieldAttributes.Assembly);

    /// <summary>The bytes of IL of the methods that have ended.</summary>
    public long CodeLength { get; private set; }

    /// <summary>Ends a method: it gets no more code.</summary>
    /// <exception cref="NetworkException">There is too much code.</exception>
    public void End(ILGenerator method)
    {
        CodeLength += method.ILOffset;
        limit?.Add(method.ILOffset);
    }

    /// <summary>Ends the class: its methods get no more code.</summary>
    public void Complete() => _type.CreateType();
}
