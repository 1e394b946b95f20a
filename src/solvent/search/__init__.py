"""Search: filter and order_by from text to SQL, and pages by key.

``lexer`` and ``parser`` make the syntax tree (``tree``) that ``check`` resolves against a resource
(``runs``, ``experiments``, ``logged_models``), ``compiler`` and ``ordering`` turn it into SQL,
``page`` reads one page and ``token`` says where the next one begins. Nothing here knows the store:
whoever has a transaction hands it in.

The grammar (EBNF; keywords in any case)::

    filter      = [ disjunction ] ;
    disjunction = conjunction , { "OR" , conjunction } ;
    conjunction = term , { "AND" , term } ;
    term        = "NOT" , term | "(" , disjunction , ")" | comparison ;
    comparison  = key , ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) , value
                | key , [ "NOT" ] , ( "LIKE" | "ILIKE" ) , value
                | key , [ "NOT" ] , "IN" , "(" , value , { "," , value } , [ "," ] , ")"
                | key , "IS" , [ "NOT" ] , "NULL" ;
    key         = attribute | prefix , "." , ( name | quoted ) , [ "." , summary ] ;
    attribute   = name | quoted ;
    prefix      = "metric" | "metrics" | "param" | "params" | "parameter" | "parameters" | "tag" | "tags"
                | "attribute" | "attributes" | "attr" | "run" | "dataset" | "datasets" ;
    summary     = "min" | "max" | "mean" | "last" | "count" ;
    name        = letter , { letter | digit | one of _ . - / : $ # @ } ;
    quoted      = "`" , { character } , "`" | '"' , { character } , '"' | "'" , { character } , "'" ;
    value       = number | "'" , { character } , "'" | '"' , { character } , '"' ;
    number      = [ "+" | "-" ] , digits and at most one "." , [ "e" , [ "+" | "-" ] , digits ] ;
    order_by    = key , [ "ASC" | "DESC" ] ;

A name after a prefix may begin with a digit. A quote doubled inside its own kind is one quote. An
attribute alone is quoted by backticks or double quotes. As in MLflow, AND between two comparisons
may be left out, and one too many is read over, as long as the filter has no OR, NOT or parenthesis.
"""
