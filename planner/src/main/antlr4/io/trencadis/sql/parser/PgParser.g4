// PostgreSQL 15's SQL, as its manual describes it. The grammar is a little wider than the language where
// that keeps decisions short; the tree builders refuse the rest with the error PostgreSQL gives.
parser grammar PgParser;

options {
  tokenVocab = PgLexer;
  superClass = PgParserBase;
}

oneStatement : statement EOF;
oneExpr : expr EOF;
oneQuery : query EOF;
oneBody : routineBody EOF;

// ---------------------------------------------------------------- expressions
// The alternatives stand in the order of the manual's table of precedences (4.1.6), tightest first.

expr
  : primary                                                                        # primaryExpr
  | expr TYPECAST typeName                                                         # castExpr
  | sign=(PLUS | MINUS) expr                                                       # signExpr
  | expr K_COLLATE qname                                                           # collateExpr
  | expr K_AT K_TIME K_ZONE expr                                                   # zoneExpr
  | expr op=CARET expr                                                             # symbolExpr
  | expr op=(STAR | SLASH | PERCENT) expr                                          # symbolExpr
  | expr op=(PLUS | MINUS) expr                                                    # symbolExpr
  | qualOp expr                                                                    # prefixExpr
  | expr qualOp expr                                                               # infixExpr
  | expr K_ESCAPE expr                                                             # escapeExpr
  | expr NOT_LA? kind=(K_LIKE | K_ILIKE) expr                                       # likeExpr
  | expr NOT_LA? K_SIMILAR K_TO expr                                                # similarExpr
  | expr NOT_LA? K_IN LPAREN (query | exprList) RPAREN                              # inExpr
  | expr NOT_LA? K_BETWEEN (K_SYMMETRIC | K_ASYMMETRIC)? bExpr K_AND expr           # betweenExpr
  | expr K_OVERLAPS expr                                                           # overlapsExpr
  | expr op=(LT | GT | EQ | LE | GE | NE) expr                                     # compareExpr
  | expr anyOp=quantOp which=(K_ANY | K_SOME | K_ALL) LPAREN (query | expr) RPAREN # quantExpr
  | expr K_IS K_NOT? K_DISTINCT K_FROM expr                                        # distinctExpr
  | expr K_IS K_NOT? what=(K_NULL | K_TRUE | K_FALSE | K_UNKNOWN)                  # isExpr
  | expr K_IS K_NOT? (K_NFC | K_NFD | K_NFKC | K_NFKD)? K_NORMALIZED               # normalizedExpr
  | expr K_IS K_NOT? K_DOCUMENT                                                    # documentExpr
  | expr which=(K_ISNULL | K_NOTNULL)                                              # isNullExpr
  | (K_NOT | NOT_LA) expr                                                          # notExpr
  | expr K_AND expr                                                                # andExpr
  | expr K_OR expr                                                                 # orExpr
  | K_DEFAULT                                                                      # defaultExpr
  ;

// An expression that may stand where AND, NOT and IN would be taken for something else.
bExpr
  : primary                                            # primaryB
  | bExpr TYPECAST typeName                            # castB
  | sign=(PLUS | MINUS) bExpr                          # signB
  | bExpr op=CARET bExpr                               # symbolB
  | bExpr op=(STAR | SLASH | PERCENT) bExpr            # symbolB
  | bExpr op=(PLUS | MINUS) bExpr                      # symbolB
  | qualOp bExpr                                       # prefixB
  | bExpr qualOp bExpr                                 # infixB
  | bExpr op=(LT | GT | EQ | LE | GE | NE) bExpr       # compareB
  | bExpr K_IS K_NOT? K_DISTINCT K_FROM bExpr          # distinctB
  | bExpr K_IS K_NOT? K_DOCUMENT                       # documentB
  ;

primary
  : literal                                                                          # literalPrimary
  | columnRef                                                                        # columnPrimary
  | funcExpr                                                                         # funcPrimary
  | typedLiteral                                                                     # typedPrimary
  | PARAM indirection*                                                               # paramPrimary
  | LPAREN expr (COMMA expr)* RPAREN indirection*                                    # parenPrimary
  | LPAREN query RPAREN indirection*                                                 # queryPrimaryExpr
  | K_ROW LPAREN exprList? RPAREN                                                    # rowPrimary
  | K_CASE operand=expr? whenClause+ (K_ELSE otherwise=expr)? K_END                  # casePrimary
  | K_EXISTS LPAREN query RPAREN                                                     # existsPrimary
  | K_ARRAY (LPAREN query RPAREN | arrayItems)                                       # arrayPrimary
  | K_GROUPING LPAREN exprList RPAREN                                                # groupingPrimary
  ;

whenClause : K_WHEN expr K_THEN expr;
arrayItems : LBRACKET (exprList | arrayItems (COMMA arrayItems)*)? RBRACKET;
exprList : expr (COMMA expr)*;
literal : ICONST | FCONST | STRING | BITS | HEXBITS | K_TRUE | K_FALSE | K_NULL;
columnRef : colId indirection*;
indirection
  : DOT (colLabel | STAR)
  | LBRACKET (expr | lower=expr? COLON upper=expr?) RBRACKET
  ;
typedLiteral
  : funcName STRING
  | constType STRING
  | K_INTERVAL (STRING intervalField? | LPAREN ICONST RPAREN STRING)
  ;
qualOp : OP | K_OPERATOR LPAREN anyOperator RPAREN;
quantOp : mathOp | qualOp | NOT_LA? (K_LIKE | K_ILIKE);
mathOp : PLUS | MINUS | STAR | SLASH | PERCENT | CARET | LT | GT | EQ | LE | GE | NE;
anyOperator : (colId DOT)* (mathOp | OP);

funcExpr
  : funcName LPAREN funcArgs RPAREN
    (STRING | (K_WITHIN K_GROUP LPAREN sortClause RPAREN)? (K_FILTER LPAREN K_WHERE expr RPAREN)? over?)
  | specialFunc
  ;
over : K_OVER (windowSpec | colId);
funcName : typeFuncName | colId (DOT colLabel)+;
funcArgs : (STAR | quant=(K_ALL | K_DISTINCT)? funcArg (COMMA funcArg)* sortClause?)?;
funcArg : K_VARIADIC? (typeFuncName (ASSIGN | ARROW))? expr;

specialFunc
  : K_COLLATION K_FOR LPAREN expr RPAREN                                             # collationFor
  | word=(K_CURRENT_DATE | K_CURRENT_ROLE | K_CURRENT_USER | K_USER | K_SESSION_USER
    | K_CURRENT_CATALOG | K_CURRENT_SCHEMA)                                          # valueFunc
  | word=(K_CURRENT_TIME | K_CURRENT_TIMESTAMP | K_LOCALTIME | K_LOCALTIMESTAMP)
    (LPAREN ICONST RPAREN)?                                                          # valueFunc
  | K_CAST LPAREN expr K_AS typeName RPAREN                                          # castFunc
  | K_EXTRACT LPAREN (extractField K_FROM expr)? RPAREN                              # extractFunc
  | K_NORMALIZE LPAREN expr (COMMA (K_NFC | K_NFD | K_NFKC | K_NFKD))? RPAREN        # normalizeFunc
  | K_OVERLAY LPAREN (expr K_PLACING expr K_FROM expr (K_FOR expr)? | plainArgs?) RPAREN # overlayFunc
  | K_POSITION LPAREN (bExpr K_IN bExpr)? RPAREN                                     # positionFunc
  | K_SUBSTRING LPAREN
    (expr (K_FROM from=expr (K_FOR length=expr)? | K_FOR length=expr (K_FROM from=expr)?
    | K_SIMILAR pattern=expr K_ESCAPE escape=expr) | plainArgs?) RPAREN              # substringFunc
  | K_TREAT LPAREN expr K_AS typeName RPAREN                                         # treatFunc
  | K_TRIM LPAREN side=(K_BOTH | K_LEADING | K_TRAILING)?
    (K_FROM exprList | expr K_FROM exprList | exprList) RPAREN                       # trimFunc
  | K_NULLIF LPAREN expr COMMA expr RPAREN                                           # nullIfFunc
  | K_COALESCE LPAREN exprList RPAREN                                                # coalesceFunc
  | K_GREATEST LPAREN exprList RPAREN                                                # greatestFunc
  | K_LEAST LPAREN exprList RPAREN                                                   # leastFunc
  | (K_XMLCONCAT | K_XMLELEMENT | K_XMLEXISTS | K_XMLFOREST | K_XMLPARSE | K_XMLPI | K_XMLROOT
    | K_XMLSERIALIZE) LPAREN balanced* RPAREN                                        # xmlFunc
  ;
plainArgs : funcArg (COMMA funcArg)*;
extractField
  : IDENT | K_YEAR | K_MONTH | K_DAY | K_HOUR | K_MINUTE | K_SECOND | STRING;
balanced : ~(LPAREN | RPAREN) | LPAREN balanced* RPAREN;

// ---------------------------------------------------------------- types

typeName
  : K_SETOF? simpleType (arrayBound* | K_ARRAY (LBRACKET ICONST RBRACKET)?)
  ;
arrayBound : LBRACKET ICONST? RBRACKET;
simpleType
  : constType
  | K_INTERVAL (intervalField | LPAREN ICONST RPAREN)?
  | typeFuncName (DOT colLabel)* typeMods?
  ;
constType
  : (K_INT | K_INTEGER | K_SMALLINT | K_BIGINT | K_REAL | K_BOOLEAN)
  | K_FLOAT (LPAREN ICONST RPAREN)?
  | K_DOUBLE K_PRECISION
  | (K_DECIMAL | K_DEC | K_NUMERIC) typeMods?
  | K_BIT K_VARYING? typeMods?
  | (K_CHARACTER | K_CHAR | K_NCHAR | K_NATIONAL (K_CHARACTER | K_CHAR)) K_VARYING? (LPAREN ICONST RPAREN)?
  | K_VARCHAR (LPAREN ICONST RPAREN)?
  | (K_TIMESTAMP | K_TIME) (LPAREN ICONST RPAREN)? ((WITH_LA | K_WITHOUT) K_TIME K_ZONE)?
  ;
typeMods : LPAREN exprList RPAREN;
intervalField
  : K_YEAR (K_TO K_MONTH)?
  | K_MONTH
  | K_DAY (K_TO (K_HOUR | K_MINUTE | intervalSecond))?
  | K_HOUR (K_TO (K_MINUTE | intervalSecond))?
  | K_MINUTE (K_TO intervalSecond)?
  | intervalSecond
  ;
intervalSecond : K_SECOND (LPAREN ICONST RPAREN)?;

// ---------------------------------------------------------------- queries

query : withClause? setExpr sortClause? (lockClause+ limitClause? | limitClause lockClause*)?;
withClause : (K_WITH | WITH_LA) K_RECURSIVE? cte (COMMA cte)*;
cte
  : colId (LPAREN nameList RPAREN)? K_AS (K_NOT? K_MATERIALIZED)?
    LPAREN preparable RPAREN cteSearch? cteCycle?
  ;
cteSearch : K_SEARCH (K_BREADTH | K_DEPTH) K_FIRST K_BY nameList K_SET colId;
cteCycle : K_CYCLE nameList K_SET colId (K_TO expr K_DEFAULT expr)? K_USING colId;
preparable : query | insertStmt | updateStmt | deleteStmt | mergeStmt;
nameList : colId (COMMA colId)*;

setExpr : setTerm (kind+=(K_UNION | K_EXCEPT) setQuant setTerm)*;
setTerm : setPrimary (K_INTERSECT setQuant setPrimary)*;
setQuant : (K_ALL | K_DISTINCT)?;
setPrimary
  : selectCore
  | K_VALUES valuesRow (COMMA valuesRow)*
  | K_TABLE relation
  | LPAREN query RPAREN
  ;
valuesRow : LPAREN exprList RPAREN;
selectCore
  : K_SELECT (K_ALL? targetList? | K_DISTINCT (K_ON LPAREN exprList RPAREN)? targetList) intoClause?
    fromClause? whereClause? groupClause? havingClause? windowClause?
  ;
targetList : target (COMMA target)*;
target : STAR | expr (K_AS colLabel | bareLabel)?;
intoClause
  : K_INTO (((K_LOCAL | K_GLOBAL)? (K_TEMP | K_TEMPORARY)) K_TABLE? | K_UNLOGGED K_TABLE? | K_TABLE)? qname;
fromClause : K_FROM tableRef (COMMA tableRef)* asOf?;
// Not PostgreSQL's: a read of the past, as CockroachDB writes it.
asOf : AS_LA K_OF K_SYSTEM K_TIME expr;
whereClause : K_WHERE expr;
groupClause : K_GROUP K_BY quant=(K_ALL | K_DISTINCT)? groupItem (COMMA groupItem)*;
groupItem
  : LPAREN RPAREN
  | (K_ROLLUP | K_CUBE) LPAREN exprList RPAREN
  | K_GROUPING K_SETS LPAREN groupItem (COMMA groupItem)* RPAREN
  | expr
  ;
havingClause : K_HAVING expr;
windowClause : K_WINDOW windowDef (COMMA windowDef)*;
windowDef : colId K_AS windowSpec;
windowSpec
  : LPAREN base=colId? (K_PARTITION K_BY exprList)? sortClause? frame? RPAREN;
frame
  : unit=(K_ROWS | K_RANGE | K_GROUPS) (frameBound | K_BETWEEN frameBound K_AND frameBound) exclusion?;
frameBound
  : K_UNBOUNDED (K_PRECEDING | K_FOLLOWING)
  | K_CURRENT K_ROW
  | expr (K_PRECEDING | K_FOLLOWING)
  ;
exclusion : K_EXCLUDE (K_CURRENT K_ROW | K_GROUP | K_TIES | K_NO K_OTHERS);
sortClause : K_ORDER K_BY sortKey (COMMA sortKey)*;
sortKey : expr (K_USING qualAllOp | dir=(K_ASC | K_DESC))? nulls?;
qualAllOp : mathOp | OP | K_OPERATOR LPAREN anyOperator RPAREN;
nulls : NULLS_LA (K_FIRST | K_LAST);
limitClause : limit offset? | offset limit?;
limit
  : K_LIMIT (expr | K_ALL) (COMMA expr)?
  | K_FETCH (K_FIRST | K_NEXT) fetchCount? (K_ROW | K_ROWS) (K_ONLY | K_WITH K_TIES)
  ;
fetchCount : primary | (PLUS | MINUS) (ICONST | FCONST);
offset : K_OFFSET expr (K_ROW | K_ROWS)?;
lockClause
  : K_FOR (K_UPDATE | K_NO K_KEY K_UPDATE | K_SHARE | K_KEY K_SHARE) (K_OF qname (COMMA qname)*)?
    (K_NOWAIT | K_SKIP K_LOCKED)?
  | K_FOR K_READ K_ONLY
  ;

// ---------------------------------------------------------------- FROM

tableRef : tablePrimary joinTail*;
joinTail
  : K_CROSS K_JOIN tablePrimary
  | K_NATURAL joinType? K_JOIN tablePrimary
  | joinType? K_JOIN tableRef joinQual
  ;
joinType : (K_LEFT | K_RIGHT | K_FULL) K_OUTER? | K_INNER;
joinQual : K_ON expr | K_USING LPAREN nameList RPAREN (K_AS colId)?;
tablePrimary
  : relation alias? sample?                                                          # relationTable
  | K_LATERAL? LPAREN query RPAREN alias? { checkAlias(_localctx); }                 # queryTable
  | LPAREN tableRef RPAREN alias?                                                    # parenTable
  | K_LATERAL? tableFunc (WITH_LA K_ORDINALITY)? funcAlias?                           # functionTable
  | K_LATERAL? K_ROWS K_FROM LPAREN rowsFromItem (COMMA rowsFromItem)* RPAREN
    (WITH_LA K_ORDINALITY)? funcAlias?                                                # rowsFromTable
  | K_LATERAL? K_XMLTABLE LPAREN balanced* RPAREN alias?                             # xmlTable
  ;
relation
  : qname STAR?
  | K_ONLY (qname | LPAREN qname RPAREN)
  ;
alias : (K_AS colId | colId) (LPAREN nameList RPAREN)?;
sample : K_TABLESAMPLE funcName LPAREN exprList RPAREN (K_REPEATABLE LPAREN expr RPAREN)?;
tableFunc : funcName LPAREN funcArgs RPAREN | specialFunc;
rowsFromItem : tableFunc (K_AS LPAREN columnDefs RPAREN)?;
funcAlias
  : (K_AS colId | colId) (LPAREN (nameList | columnDefs) RPAREN)?
  | K_AS LPAREN columnDefs RPAREN
  ;
columnDefs : columnDefItem (COMMA columnDefItem)*;
columnDefItem : colId typeName (K_COLLATE qname)?;

// ---------------------------------------------------------------- INSERT, UPDATE, DELETE

insertStmt
  : withClause? K_INSERT K_INTO qname (K_AS colId)? insertRest onConflict? returning?;
insertRest
  : (LPAREN columnTarget (COMMA columnTarget)* RPAREN)? overriding? query
  | K_DEFAULT K_VALUES
  ;
overriding : K_OVERRIDING (K_USER | K_SYSTEM) K_VALUE;
columnTarget : colId indirection*;
onConflict
  : K_ON K_CONFLICT (LPAREN indexElement (COMMA indexElement)* RPAREN targetWhere=whereClause?
    | K_ON K_CONSTRAINT colId)?
    K_DO (K_NOTHING | K_UPDATE K_SET setItem (COMMA setItem)* where=whereClause?)
  ;
returning : K_RETURNING targetList;
setItem
  : columnTarget EQ expr
  | LPAREN columnTarget (COMMA columnTarget)* RPAREN EQ expr
  ;
updateStmt
  : withClause? K_UPDATE relation (K_AS? colId)? K_SET setItem (COMMA setItem)* fromClause? changeWhere?
    returning?
  ;
deleteStmt
  : withClause? K_DELETE K_FROM relation (K_AS? colId)? (K_USING tableRef (COMMA tableRef)*)? changeWhere?
    returning?
  ;
changeWhere : K_WHERE (expr | K_CURRENT K_OF colId);

// ---------------------------------------------------------------- statements

statement
  : query asOf?
  | insertStmt
  | updateStmt
  | deleteStmt
  | createTable
  | createTableAs
  | createView
  | createIndex
  | createSequence
  | createSchema
  | createDatabase
  | createRole
  | createExtension
  | createCollation
  | alterExtension
  | createRoutine
  | alterRoutine
  | createTrigger
  | alterTrigger
  | callStmt
  | doStmt
  | createType
  | createDomain
  | alterTable
  | alterSequence
  | alterDatabase
  | alterRole
  | alterEnum
  | dropStmt
  | dropSignature
  | truncateStmt
  | commentStmt
  | grantStmt
  | defaultPrivileges
  | alterSystem
  | refreshStmt
  | copyStmt
  | transactionStmt
  | setStmt
  | showStmt
  | resetStmt
  | prepareStmt
  | executeStmt
  | deallocateStmt
  | declareStmt
  | fetchStmt
  | closeStmt
  | discardStmt
  | explainStmt
  | vacuumStmt
  | analyzeStmt
  | lockStmt
  | notifyStmt
  | maintenanceStmt
  | mergeStmt
  ;

// ---------------------------------------------------------------- CREATE TABLE

createTable
  : K_CREATE persistence? K_TABLE ifNotExists? qname
    ( LPAREN (tableElement (COMMA tableElement)*)? RPAREN (K_INHERITS LPAREN qnameList RPAREN)?
    | K_OF qname (LPAREN typedElement (COMMA typedElement)* RPAREN)?
    | K_PARTITION K_OF qname (LPAREN typedElement (COMMA typedElement)* RPAREN)? partitionBound
    ) partitionBy? (K_USING colId)? withOptions? onCommit? tablespace?
  ;
persistence : (K_LOCAL | K_GLOBAL)? (K_TEMPORARY | K_TEMP) | K_UNLOGGED;
ifNotExists : K_IF K_NOT K_EXISTS;
ifExists : K_IF K_EXISTS;
withOptions : K_WITH storageOptions | K_WITHOUT K_OIDS;
storageOptions : LPAREN storageOption (COMMA storageOption)* RPAREN;
storageOption : colLabel (DOT colLabel)? (EQ optionValue)?;
optionValue : number | STRING | typeName | reservedWord | qualAllOp | K_NONE;
onCommit : K_ON K_COMMIT (K_DROP | K_DELETE K_ROWS | K_PRESERVE K_ROWS);
tablespace : K_TABLESPACE colId;
number : (PLUS | MINUS)? (ICONST | FCONST);
tableElement
  : columnDef
  | tableConstraint
  | K_LIKE qname likeOption*
  ;
typedElement : colId (K_WITH K_OPTIONS)? columnConstraint* | tableConstraint;
likeOption
  : (K_INCLUDING | K_EXCLUDING) (K_COMMENTS | K_COMPRESSION | K_CONSTRAINTS | K_DEFAULTS | K_IDENTITY
    | K_GENERATED | K_INDEXES | K_STATISTICS | K_STORAGE | K_ALL)
  ;
columnDef : colId typeName (K_COMPRESSION (colId | K_DEFAULT))? columnConstraint*;
columnConstraint
  : (K_CONSTRAINT colId)? columnConstraintBody
  | K_COLLATE qname
  | deferralWord
  ;
columnConstraintBody
  : K_NOT K_NULL                                                                     # notNullColumn
  | K_NULL                                                                           # nullColumn
  | K_UNIQUE nullsDistinct? indexOptions                                             # uniqueColumn
  | K_PRIMARY K_KEY indexOptions                                                     # primaryColumn
  | K_CHECK LPAREN expr RPAREN noInherit?                                            # checkColumn
  | K_DEFAULT bExpr                                                                  # defaultColumn
  | K_GENERATED (K_ALWAYS | K_BY K_DEFAULT) K_AS K_IDENTITY (LPAREN sequenceOption+ RPAREN)? # identityColumn
  | K_GENERATED (K_ALWAYS | K_BY K_DEFAULT) K_AS LPAREN expr RPAREN K_STORED         # generatedColumn
  | K_REFERENCES qname (LPAREN nameList RPAREN)? matchType? fkRule*                  # referencesColumn
  ;
nullsDistinct : K_NULLS K_NOT? K_DISTINCT;
noInherit : K_NO K_INHERIT;
indexOptions : (K_WITH storageOptions)? (K_USING K_INDEX K_TABLESPACE colId)?;
deferralWord
  : K_NOT? K_DEFERRABLE
  | K_INITIALLY (K_DEFERRED | K_IMMEDIATE)
  ;
constraintAttribute : deferralWord | K_NOT K_VALID | noInherit;
matchType : K_MATCH (K_FULL | K_PARTIAL | K_SIMPLE);
fkRule
  : K_ON (K_DELETE | K_UPDATE)
    (K_NO K_ACTION | K_RESTRICT | K_CASCADE | K_SET (K_NULL | K_DEFAULT) (LPAREN nameList RPAREN)?)
  ;
tableConstraint : (K_CONSTRAINT colId)? tableConstraintBody constraintAttribute*;
tableConstraintBody
  : K_CHECK LPAREN expr RPAREN                                                       # checkTable
  | K_UNIQUE nullsDistinct? LPAREN nameList RPAREN include? indexOptions             # uniqueTable
  | K_PRIMARY K_KEY LPAREN nameList RPAREN include? indexOptions                     # primaryTable
  | (K_UNIQUE | K_PRIMARY K_KEY) K_USING K_INDEX colId                               # usingIndexTable
  | K_FOREIGN K_KEY LPAREN nameList RPAREN K_REFERENCES qname (LPAREN nameList RPAREN)?
    matchType? fkRule*                                                               # foreignTable
  | K_EXCLUDE (K_USING colId)? LPAREN excludeElement (COMMA excludeElement)* RPAREN include?
    indexOptions (K_WHERE LPAREN expr RPAREN)?                                       # excludeTable
  ;
excludeElement : indexElement K_WITH qualAllOp;
include : K_INCLUDE LPAREN nameList RPAREN;
partitionBy
  : K_PARTITION K_BY colId LPAREN indexElement (COMMA indexElement)* RPAREN
    (IDENT ICONST)? (IDENT K_AT K_VALUES splitPoint (COMMA splitPoint)*)?
  ;
splitPoint : LPAREN exprList RPAREN;
partitionBound
  : K_FOR K_VALUES K_WITH LPAREN nonReservedWord ICONST (COMMA nonReservedWord ICONST)* RPAREN
  | K_FOR K_VALUES K_IN LPAREN exprList RPAREN
  | K_FOR K_VALUES K_FROM LPAREN exprList RPAREN K_TO LPAREN exprList RPAREN
  | K_DEFAULT
  ;

createTableAs
  : K_CREATE persistence? kind=K_TABLE ifNotExists? createAsTarget K_AS (query | executeStmt) withData?
  | K_CREATE K_UNLOGGED? kind=K_MATERIALIZED K_VIEW ifNotExists? createAsTarget K_AS query withData?
  ;
createAsTarget
  : qname (LPAREN nameList RPAREN)? (K_USING colId)? withOptions? onCommit? tablespace?;
withData : K_WITH K_NO? K_DATA;

createView
  : K_CREATE (K_OR K_REPLACE)? ((K_LOCAL | K_GLOBAL)? (K_TEMP | K_TEMPORARY))? K_RECURSIVE? K_VIEW qname
    (LPAREN nameList RPAREN)? (K_WITH storageOptions)? K_AS query
    (K_WITH (K_CASCADED | K_LOCAL)? K_CHECK K_OPTION)?
  ;

createIndex
  : K_CREATE K_UNIQUE? K_INDEX K_CONCURRENTLY? (ifNotExists colId | colId)? K_ON K_ONLY? qname
    (K_USING colId)? LPAREN indexElement (COMMA indexElement)* RPAREN include? nullsDistinct? partitionBy?
    (K_WITH storageOptions)? tablespace? whereClause?
  ;
indexElement
  : (colId | specialFunc | funcName LPAREN funcArgs RPAREN | LPAREN expr RPAREN)
    (K_COLLATE qname)? (qname storageOptions?)? dir=(K_ASC | K_DESC)? nulls?
  ;

createSequence : K_CREATE persistence? K_SEQUENCE ifNotExists? qname sequenceOption*;
sequenceOption
  : K_AS typeName
  | K_INCREMENT K_BY? number
  | K_MINVALUE number
  | K_MAXVALUE number
  | K_NO (K_MINVALUE | K_MAXVALUE | K_CYCLE)
  | K_START K_WITH? number
  | K_RESTART (K_WITH? number)?
  | K_CACHE number
  | K_CYCLE
  | K_OWNED K_BY qname
  | K_SEQUENCE K_NAME qname
  ;
alterSequence : K_ALTER K_SEQUENCE ifExists? qname sequenceOption+;

createSchema
  : K_CREATE K_SCHEMA ifNotExists? (colId | colId? K_AUTHORIZATION roleName)
    (createTable | createView | createIndex | createSequence | grantStmt)*
  ;
createDatabase : K_CREATE K_DATABASE colId K_WITH? databaseOption*;
databaseOption : (nonReservedWord | K_CONNECTION K_LIMIT) EQ?
    (number | K_DEFAULT | nonReservedWord | STRING | K_TRUE | K_FALSE | K_ON);
alterDatabase
  : K_ALTER K_DATABASE colId
    ( K_SET K_TABLESPACE colId
    | setClause
    | resetStmt
    | K_WITH? databaseOption+
    | K_RENAME K_TO colId
    | K_OWNER K_TO roleName
    | K_REFRESH K_COLLATION K_VERSION
    )
  ;

createRole : K_CREATE kind=(K_ROLE | K_USER | K_GROUP) roleName K_WITH? roleOption*;
roleOption
  : K_ENCRYPTED? K_PASSWORD (STRING | K_NULL)
  | K_UNENCRYPTED K_PASSWORD STRING
  | K_CONNECTION K_LIMIT number
  | K_VALID K_UNTIL STRING
  | K_SYSID ICONST
  | K_IN (K_ROLE | K_GROUP) roleList
  | (K_ROLE | K_USER | K_ADMIN) roleList
  | K_INHERIT
  | IDENT { checkRoleOption(_localctx); }
  ;
roleName : nonReservedWord | K_CURRENT_ROLE | K_CURRENT_USER | K_SESSION_USER;
roleList : roleName (COMMA roleName)*;
alterRole
  : K_ALTER kind=(K_ROLE | K_USER | K_GROUP) (roleName | K_ALL)
    ( (K_IN K_DATABASE colId)? (setClause | resetStmt)
    | K_RENAME K_TO roleName
    | (K_ADD | K_DROP) K_USER roleList
    | K_WITH? roleOption*
    )
  ;

createExtension
  : K_CREATE K_EXTENSION ifNotExists? colId K_WITH?
    (K_SCHEMA colId | K_VERSION nonReservedWordOrString | K_CASCADE)*
  ;
nonReservedWordOrString : nonReservedWord | STRING;
alterExtension
  : K_ALTER K_EXTENSION colId (K_UPDATE (K_TO nonReservedWordOrString)? | K_SET K_SCHEMA colId)
  ;
createCollation
  : K_CREATE K_COLLATION ifNotExists? qname
    (K_FROM qname | LPAREN definitionOption (COMMA definitionOption)* RPAREN)
  ;
definitionOption : colLabel (EQ (STRING | number | colLabel))?;
createType
  : K_CREATE K_TYPE qname K_AS (K_ENUM LPAREN (STRING (COMMA STRING)*)? RPAREN | LPAREN columnDefs? RPAREN);
alterEnum
  : K_ALTER K_TYPE qname
    ( K_ADD K_VALUE ifNotExists? STRING ((K_BEFORE | K_AFTER) STRING)?
    | K_RENAME K_VALUE STRING K_TO STRING
    )
  ;
// ---------------------------------------------------------------- functions, procedures, triggers

createRoutine
  : K_CREATE (K_OR K_REPLACE)? (K_FUNCTION | K_PROCEDURE) funcName
    LPAREN (createArgument (COMMA createArgument)*)? RPAREN
    (K_RETURNS (routineType | K_TABLE LPAREN tableColumn (COMMA tableColumn)* RPAREN))?
    routineOption* routineBody?
  ;
argumentMode : K_IN K_OUT? | K_OUT | K_INOUT | K_VARIADIC;
createArgument
  : (argumentMode typeFuncName? | typeFuncName argumentMode?)? routineType ((K_DEFAULT | EQ) expr)?;
tableColumn : typeFuncName routineType;
routineType : typeName | K_SETOF? typeFuncName (DOT colLabel)+ PERCENT K_TYPE;
routineOption
  : K_AS STRING (COMMA STRING)?                                                      # asOption
  | K_LANGUAGE nonReservedWordOrString                                               # languageOption
  | K_TRANSFORM K_FOR K_TYPE typeName (COMMA K_FOR K_TYPE typeName)*                  # transformOption
  | word=K_WINDOW                                                                    # wordOption
  | K_CALLED K_ON K_NULL K_INPUT                                                     # calledOption
  | K_RETURNS K_NULL K_ON K_NULL K_INPUT                                             # strictOption
  | K_STRICT                                                                         # strictOption
  | word=(K_IMMUTABLE | K_STABLE | K_VOLATILE)                                       # wordOption
  | K_EXTERNAL? K_SECURITY who=(K_DEFINER | K_INVOKER)                               # securityOption
  | K_NOT? K_LEAKPROOF                                                               # leakproofOption
  | (K_COST | K_ROWS) number                                                         # estimateOption
  | K_SUPPORT qname                                                                  # supportOption
  | setClause                                                                        # setOption
  | resetStmt                                                                        # resetOption
  | K_PARALLEL colId                                                                 # parallelOption
  ;
routineBody : K_RETURN expr | K_BEGIN K_ATOMIC (bodyStatement SEMI)* K_END;
bodyStatement : (statement | K_RETURN expr)?;
alterRoutine
  : K_ALTER kind=(K_FUNCTION | K_PROCEDURE | K_ROUTINE) routineSignature
    ( K_RENAME K_TO colId
    | K_OWNER K_TO roleName
    | K_SET K_SCHEMA colId
    | K_NO? K_DEPENDS K_ON K_EXTENSION colId
    | routineOption+ K_RESTRICT?
    )
  ;
callStmt : K_CALL funcName LPAREN funcArgs RPAREN;
doStmt : K_DO (STRING | K_LANGUAGE nonReservedWordOrString)+;
createTrigger
  : K_CREATE (K_OR K_REPLACE)? K_CONSTRAINT? K_TRIGGER colId (K_BEFORE | K_AFTER | K_INSTEAD K_OF)
    triggerEvent (K_OR triggerEvent)* K_ON qname (K_FROM from=qname)? constraintAttribute*
    (K_REFERENCING transition+)? (K_FOR K_EACH? scope=(K_ROW | K_STATEMENT))? (K_WHEN LPAREN expr RPAREN)?
    K_EXECUTE (K_FUNCTION | K_PROCEDURE) function=funcName LPAREN (triggerArgument (COMMA triggerArgument)*)? RPAREN
  ;
triggerEvent : K_INSERT | K_DELETE | K_TRUNCATE | K_UPDATE (K_OF nameList)?;
transition : (K_NEW | K_OLD) (K_TABLE | K_ROW) K_AS? colId;
triggerArgument : ICONST | FCONST | STRING | colLabel;
alterTrigger
  : K_ALTER K_TRIGGER colId K_ON qname (K_RENAME K_TO colId | K_NO? K_DEPENDS K_ON K_EXTENSION colId);

createDomain : K_CREATE K_DOMAIN qname K_AS? typeName columnConstraint*;

// ---------------------------------------------------------------- ALTER, DROP, …

alterTable
  : K_ALTER kind=K_TABLE ifExists? relation (tableAction (COMMA tableAction)* | partitionAction | renameAction
    | K_SET K_SCHEMA colId)
  | K_ALTER kind=K_INDEX ifExists? qname (tableAction (COMMA tableAction)* | K_ATTACH K_PARTITION qname
    | renameAction)
  | K_ALTER (kind=(K_VIEW | K_SEQUENCE) | kind=K_MATERIALIZED K_VIEW | K_FOREIGN kind=K_TABLE) ifExists? qname
    (tableAction (COMMA tableAction)* | renameAction | K_SET K_SCHEMA colId)
  | K_ALTER kind=K_SCHEMA colId (renameAction | K_OWNER K_TO roleName)
  | K_ALTER kind=(K_TYPE | K_DOMAIN) qname (domainAction | attributeAction (COMMA attributeAction)* | renameAction | K_SET K_SCHEMA colId
    | K_OWNER K_TO roleName)
  | K_ALTER kind=K_COLLATION qname (renameAction | K_SET K_SCHEMA colId | K_OWNER K_TO roleName
    | K_REFRESH K_VERSION)
  ;
attributeAction
  : K_ADD K_ATTRIBUTE columnDefItem dropBehavior?
  | K_DROP K_ATTRIBUTE ifExists? colId dropBehavior?
  | K_ALTER K_ATTRIBUTE colId (K_SET K_DATA)? K_TYPE typeName (K_COLLATE qname)? dropBehavior?
  | K_RENAME K_ATTRIBUTE colId K_TO colId dropBehavior?
  ;
domainAction
  : K_SET K_DEFAULT expr
  | K_DROP K_DEFAULT
  | (K_SET | K_DROP) K_NOT K_NULL
  | K_ADD tableConstraint
  | K_DROP K_CONSTRAINT ifExists? colId dropBehavior?
  | K_VALIDATE K_CONSTRAINT colId
  ;
renameAction
  : K_RENAME K_TO colId                                          # renameTable
  | K_RENAME K_CONSTRAINT colId K_TO colId                       # renameConstraint
  | K_RENAME K_COLUMN? colId K_TO colId                          # renameColumn
  ;
partitionAction
  : K_ATTACH K_PARTITION qname partitionBound
  | K_DETACH K_PARTITION qname (K_CONCURRENTLY | K_FINALIZE)?
  | SPLIT_LA K_PARTITION K_AT LPAREN exprList RPAREN
  | K_MOVE K_PARTITION (K_FOR LPAREN exprList RPAREN | ICONST) K_TO IDENT ICONST
  ;
tableAction
  : K_ADD K_COLUMN? ifNotExists? columnDef                                           # addColumn
  | K_DROP K_COLUMN? ifExists? colId dropBehavior?                                   # dropColumn
  | K_ALTER K_COLUMN? (colId | ICONST) columnAction                                  # alterColumn
  | K_ADD tableConstraint                                                            # addConstraint
  | K_ALTER K_CONSTRAINT colId deferralWord*                                         # alterConstraint
  | K_VALIDATE K_CONSTRAINT colId                                                    # validateConstraint
  | K_DROP K_CONSTRAINT ifExists? colId dropBehavior?                                # dropConstraint
  | K_OWNER K_TO roleName                                                            # ownerTo
  | K_SET storageOptions                                                             # setOptions
  | K_RESET storageOptions                                                           # resetOptions
  | K_SET K_TABLESPACE colId K_NOWAIT?                                               # setTablespace
  | K_SET (K_LOGGED | K_UNLOGGED)                                                    # setLogged
  | K_SET K_ACCESS K_METHOD colId                                                    # setAccessMethod
  | K_NO? K_INHERIT qname                                                            # inheritAction
  | K_REPLICA K_IDENTITY (K_NOTHING | K_FULL | K_DEFAULT | K_USING K_INDEX colId)    # replicaIdentity
  | (K_ENABLE | K_DISABLE) (K_ALWAYS | K_REPLICA)? (K_TRIGGER | K_RULE) (colId | K_ALL | K_USER) # triggerAction
  | (K_ENABLE | K_DISABLE | K_NO? K_FORCE) K_ROW K_LEVEL K_SECURITY                  # rowSecurity
  | (K_CLUSTER K_ON colId | K_SET K_WITHOUT K_CLUSTER)                               # clusterAction
  | (K_SET K_WITHOUT K_OIDS | K_OF qname | K_NOT K_OF | K_OPTIONS LPAREN balanced* RPAREN) # otherAction
  ;
columnAction
  : (K_SET K_DATA)? K_TYPE typeName (K_COLLATE qname)? (K_USING expr)?               # columnType
  | K_SET K_DEFAULT expr                                                             # columnSetDefault
  | K_DROP K_DEFAULT                                                                 # columnDropDefault
  | (K_SET | K_DROP) K_NOT K_NULL                                                    # columnNotNull
  | K_DROP K_EXPRESSION ifExists?                                                    # columnDropExpression
  | K_SET K_STATISTICS number                                                        # columnStatistics
  | K_SET storageOptions                                                             # columnOptions
  | K_RESET storageOptions                                                           # columnOptions
  | K_SET K_STORAGE colId                                                            # columnStorage
  | K_SET K_COMPRESSION (colId | K_DEFAULT)                                          # columnCompression
  | K_ADD K_GENERATED (K_ALWAYS | K_BY K_DEFAULT) K_AS K_IDENTITY (LPAREN sequenceOption+ RPAREN)? # columnAddIdentity
  | identityChange+                                                                  # columnSetIdentity
  | K_DROP K_IDENTITY ifExists?                                                      # columnDropIdentity
  ;
identityChange
  : K_RESTART (K_WITH? number)?
  | K_SET sequenceOption
  | K_SET K_GENERATED (K_ALWAYS | K_BY K_DEFAULT)
  ;
dropBehavior : K_CASCADE | K_RESTRICT;

dropStmt
  : K_DROP kind=(K_TABLE | K_VIEW | K_INDEX | K_SEQUENCE | K_TYPE | K_DOMAIN | K_SCHEMA | K_EXTENSION
    | K_COLLATION | K_CONVERSION | K_STATISTICS | K_PUBLICATION) K_CONCURRENTLY? ifExists? qnameList dropBehavior?
  | K_DROP kind=(K_LANGUAGE | K_SERVER | K_SUBSCRIPTION) ifExists? qnameList dropBehavior?
  | K_DROP K_TEXT kind=K_SEARCH word=(K_PARSER | K_DICTIONARY | K_TEMPLATE | K_CONFIGURATION) ifExists?
    qnameList dropBehavior?
  | K_DROP (K_FOREIGN K_DATA kind=K_WRAPPER | K_ACCESS kind=K_METHOD | K_EVENT kind=K_TRIGGER) ifExists?
    qnameList dropBehavior?
  | K_DROP kind=K_MATERIALIZED K_VIEW ifExists? qnameList dropBehavior?
  | K_DROP kind=K_FOREIGN K_TABLE ifExists? qnameList dropBehavior?
  | K_DROP kind=K_DATABASE ifExists? colId (K_WITH? LPAREN K_FORCE (COMMA K_FORCE)* RPAREN)?
  | K_DROP kind=(K_ROLE | K_USER | K_GROUP) ifExists? roleList
  | K_DROP kind=K_OWNED K_BY roleList dropBehavior?
  | kind=K_REASSIGN K_OWNED K_BY roleList K_TO roleName
  ;
dropSignature
  : K_DROP kind=(K_FUNCTION | K_PROCEDURE | K_ROUTINE | K_AGGREGATE) ifExists? routineSignature
    (COMMA routineSignature)* dropBehavior?
  | K_DROP kind=K_OPERATOR ifExists? operatorSignature (COMMA operatorSignature)* dropBehavior?
  | K_DROP kind=K_OPERATOR word=(K_CLASS | K_FAMILY) ifExists? qname K_USING colId dropBehavior?
  | K_DROP kind=K_CAST ifExists? LPAREN typeName K_AS typeName RPAREN dropBehavior?
  | K_DROP kind=(K_TRIGGER | K_RULE | K_POLICY) ifExists? colId K_ON qname dropBehavior?
  ;
routineSignature : funcName (LPAREN (STAR | routineArgument (COMMA routineArgument)*)? RPAREN)?;
routineArgument
  : (argumentMode typeFuncName? | typeFuncName argumentMode?)? routineType ((K_DEFAULT | EQ) expr)?;
operatorSignature
  : anyOperator LPAREN (typeName (COMMA (typeName | K_NONE))? | K_NONE COMMA typeName) RPAREN;
truncateStmt
  : K_TRUNCATE K_TABLE? relation (COMMA relation)* ((K_CONTINUE | K_RESTART) K_IDENTITY)? dropBehavior?;
commentStmt
  : K_COMMENT K_ON
    ( kind=(K_TABLE | K_VIEW | K_INDEX | K_SEQUENCE | K_TYPE | K_DOMAIN | K_SCHEMA | K_EXTENSION | K_COLLATION
      | K_CONVERSION | K_STATISTICS | K_DATABASE | K_ROLE | K_TABLESPACE | K_COLUMN | K_LANGUAGE
      | K_PUBLICATION | K_SERVER) qname
    | kind=K_MATERIALIZED K_VIEW qname
    | K_FOREIGN kind=K_TABLE qname
    | kind=K_CONSTRAINT colId K_ON K_DOMAIN? qname
    | kind=(K_FUNCTION | K_PROCEDURE | K_ROUTINE) routineSignature
    | kind=K_TRIGGER colId K_ON qname
    | (K_FUNCTION | K_PROCEDURE | K_ROUTINE | K_AGGREGATE | K_OPERATOR | K_CAST | K_TRIGGER | K_RULE | K_POLICY
      | K_ACCESS | K_EVENT | K_TEXT | K_LARGE | K_TRANSFORM | K_PROCEDURAL | K_SUBSCRIPTION | K_FOREIGN)
      (~K_IS)+
    ) K_IS (STRING | K_NULL)
  ;
grantStmt
  : revoke=K_REVOKE (K_GRANT K_OPTION K_FOR)? privileges K_ON grantTarget K_FROM grantees grantedBy? dropBehavior?
  | revoke=K_REVOKE (K_ADMIN K_OPTION K_FOR)? privilege (COMMA privilege)* K_FROM roleList grantedBy? dropBehavior?
  | K_GRANT privileges K_ON grantTarget K_TO grantees (K_WITH K_GRANT K_OPTION)? grantedBy?
  | K_GRANT privilege (COMMA privilege)* K_TO roleList (K_WITH K_ADMIN K_OPTION)? grantedBy?
  ;
defaultPrivileges
  : K_ALTER K_DEFAULT K_PRIVILEGES (K_IN K_SCHEMA nameList | K_FOR (K_ROLE | K_USER) roleList)*
    ( K_GRANT privileges K_ON defaultTarget K_TO grantees (K_WITH K_GRANT K_OPTION)?
    | K_REVOKE (K_GRANT K_OPTION K_FOR)? privileges K_ON defaultTarget K_FROM grantees dropBehavior?
    )
  ;
alterSystem : K_ALTER K_SYSTEM (setClause | resetStmt);
defaultTarget : K_TABLES | K_FUNCTIONS | K_ROUTINES | K_SEQUENCES | K_TYPES | K_SCHEMAS;
grantees : K_GROUP? roleName (COMMA K_GROUP? roleName)*;
grantedBy : K_GRANTED K_BY roleName;
privileges
  : privilege (COMMA privilege)*
  | K_ALL K_PRIVILEGES? (LPAREN nameList RPAREN)?
  ;
privilege : (K_SELECT | K_REFERENCES | K_CREATE | K_ALTER K_SYSTEM | colId) (LPAREN nameList RPAREN)?;
grantTarget
  : kind=K_TABLE? qnameList
  | kind=(K_SEQUENCE | K_DATABASE | K_DOMAIN | K_LANGUAGE | K_SCHEMA | K_TABLESPACE | K_TYPE | K_PARAMETER) qnameList
  | K_FOREIGN (kind=K_DATA K_WRAPPER | kind=K_SERVER) qnameList
  | kind=K_LARGE K_OBJECT number (COMMA number)*
  | kind=(K_FUNCTION | K_PROCEDURE | K_ROUTINE) routineSignature (COMMA routineSignature)*
  | K_ALL kind=(K_TABLES | K_SEQUENCES | K_FUNCTIONS | K_PROCEDURES | K_ROUTINES) K_IN K_SCHEMA nameList
  ;


copyStmt
  : K_COPY K_BINARY? qname (LPAREN nameList RPAREN)? (K_FROM | K_TO) K_PROGRAM? copyFile
    copyDelimiters? K_WITH? copyOptions whereClause?
  | K_COPY LPAREN preparable RPAREN K_TO K_PROGRAM? copyFile K_WITH? copyOptions
  ;
copyFile : STRING | K_STDIN | K_STDOUT;
copyDelimiters : K_USING? K_DELIMITERS STRING;
copyOptions : copyOldOption* | LPAREN copyOption (COMMA copyOption)* RPAREN;
copyOption
  : colLabel (nonReservedWordOrString | number | STAR | K_TRUE | K_FALSE | K_ON | K_DEFAULT
    | LPAREN nonReservedWordOrString (COMMA nonReservedWordOrString)* RPAREN)?
  ;
copyOldOption
  : K_BINARY
  | K_FREEZE
  | K_CSV
  | K_HEADER
  | K_DELIMITER K_AS? STRING
  | K_NULL K_AS? STRING
  | K_QUOTE K_AS? STRING
  | K_ESCAPE K_AS? STRING
  | K_FORCE K_QUOTE (nameList | STAR)
  | K_FORCE K_NOT K_NULL nameList
  | K_FORCE K_NULL nameList
  | K_ENCODING STRING
  ;

// ---------------------------------------------------------------- transactions and the session

transactionStmt
  : K_BEGIN (K_WORK | K_TRANSACTION)? transactionModes?                              # beginStmt
  | K_START K_TRANSACTION transactionModes?                                          # startStmt
  | (K_COMMIT | K_END) (K_WORK | K_TRANSACTION)? (K_AND K_NO? K_CHAIN)?              # commitStmt
  | (K_ROLLBACK | K_ABORT) (K_WORK | K_TRANSACTION)? (K_AND K_NO? K_CHAIN)?          # rollbackStmt
  | K_SAVEPOINT colId                                                                # savepointStmt
  | K_RELEASE K_SAVEPOINT? colId                                                     # releaseStmt
  | K_ROLLBACK (K_WORK | K_TRANSACTION)? K_TO K_SAVEPOINT? colId                     # rollbackToStmt
  | K_PREPARE K_TRANSACTION STRING                                                   # prepareTransaction
  | (K_COMMIT | K_ROLLBACK) K_PREPARED STRING                                        # finishPrepared
  ;
transactionModes : transactionMode (COMMA? transactionMode)*;
transactionMode
  : K_ISOLATION K_LEVEL (K_READ (K_UNCOMMITTED | K_COMMITTED) | K_REPEATABLE K_READ | K_SERIALIZABLE)
  | K_READ (K_ONLY | K_WRITE)
  | K_NOT? K_DEFERRABLE
  ;
setStmt
  : K_SET (K_LOCAL | K_SESSION)? setRest
  | K_SET K_CONSTRAINTS (K_ALL | qnameList) (K_DEFERRED | K_IMMEDIATE)
  ;
setClause : K_SET setRest;
setRest
  : K_TRANSACTION (transactionModes | K_SNAPSHOT STRING)                             # setTransaction
  | K_SESSION K_CHARACTERISTICS K_AS K_TRANSACTION transactionModes                  # setCharacteristics
  | K_TIME K_ZONE zoneValue                                                          # setZone
  | K_NAMES (STRING | K_DEFAULT)?                                                    # setNames
  | K_CATALOG STRING                                                                 # setCatalog
  | K_SCHEMA STRING                                                                  # setSchemaVariable
  | K_ROLE nonReservedWordOrString                                                   # setRole
  | K_SESSION K_AUTHORIZATION (nonReservedWordOrString | K_DEFAULT)                  # setAuthorization
  | K_XML K_OPTION (K_DOCUMENT | K_CONTENT)                                          # setXml
  | varName (K_TO | EQ) (varValue (COMMA varValue)* | K_DEFAULT)                     # setVariable
  | varName K_FROM K_CURRENT                                                         # setFromCurrent
  ;
zoneValue
  : STRING
  | IDENT
  | K_INTERVAL (STRING intervalField? | LPAREN ICONST RPAREN STRING)
  | number
  | K_DEFAULT
  | K_LOCAL
  ;
varName : colId (DOT colId)*;
varValue : K_TRUE | K_FALSE | K_ON | nonReservedWord | STRING | number;
variableName : varName | K_TIME K_ZONE | K_TRANSACTION K_ISOLATION K_LEVEL | K_SESSION K_AUTHORIZATION | K_ALL;
showStmt : K_SHOW variableName;
resetStmt : K_RESET variableName;

prepareStmt : K_PREPARE colId (LPAREN typeName (COMMA typeName)* RPAREN)? K_AS preparable;
executeStmt : K_EXECUTE colId (LPAREN exprList RPAREN)?;
deallocateStmt : K_DEALLOCATE K_PREPARE? (K_ALL | colId);
declareStmt
  : K_DECLARE colId (K_BINARY | K_INSENSITIVE | K_ASENSITIVE | K_NO? K_SCROLL)* K_CURSOR
    ((K_WITH | K_WITHOUT) K_HOLD)? K_FOR query
  ;
fetchStmt : (K_FETCH | K_MOVE) fetchArgs;
fetchArgs
  : (K_FROM | K_IN)? colId
  | (K_NEXT | K_PRIOR | K_FIRST | K_LAST | K_ALL | K_FORWARD K_ALL? | K_BACKWARD K_ALL?
    | (K_ABSOLUTE | K_RELATIVE | K_FORWARD | K_BACKWARD)? signedInt) (K_FROM | K_IN)? colId
  ;
signedInt : (PLUS | MINUS)? ICONST;
closeStmt : K_CLOSE (K_ALL | colId);
discardStmt : K_DISCARD (K_ALL | K_PLANS | K_SEQUENCES | K_TEMP | K_TEMPORARY);
explainStmt
  : K_EXPLAIN (LPAREN utilityOption (COMMA utilityOption)* RPAREN | analyzeWord? K_VERBOSE?) explainable;
analyzeWord : K_ANALYZE | K_ANALYSE;
explainable
  : query
  | insertStmt
  | updateStmt
  | deleteStmt
  | declareStmt
  | createTableAs
  | executeStmt
  | refreshStmt
  | mergeStmt
  ;
utilityOption : (nonReservedWord | analyzeWord) (K_TRUE | K_FALSE | K_ON | nonReservedWordOrString | number)?;
refreshStmt : K_REFRESH K_MATERIALIZED K_VIEW K_CONCURRENTLY? qname withData?;
mergeStmt
  : withClause? K_MERGE K_INTO relation (K_AS? colId)? K_USING tableRef K_ON expr mergeWhen+
  ;
mergeWhen : K_WHEN K_NOT? K_MATCHED (K_AND expr)? K_THEN mergeAction;
mergeAction
  : K_UPDATE K_SET setItem (COMMA setItem)*
  | K_DELETE
  | K_DO K_NOTHING
  | K_INSERT (LPAREN columnTarget (COMMA columnTarget)* RPAREN)? overriding?
    (K_VALUES valuesRow | K_DEFAULT K_VALUES)
  ;
vacuumStmt
  : K_VACUUM (LPAREN utilityOption (COMMA utilityOption)* RPAREN | K_FULL? K_FREEZE? K_VERBOSE? analyzeWord?)
    vacuumTargets?;
analyzeStmt : analyzeWord (LPAREN utilityOption (COMMA utilityOption)* RPAREN | K_VERBOSE?) vacuumTargets?;
vacuumTargets : vacuumTarget (COMMA vacuumTarget)*;
vacuumTarget : qname (LPAREN nameList RPAREN)?;
lockStmt : K_LOCK K_TABLE? relation (COMMA relation)* (K_IN lockMode K_MODE)? K_NOWAIT?;
lockMode
  : K_ACCESS (K_SHARE | K_EXCLUSIVE)
  | K_ROW (K_SHARE | K_EXCLUSIVE)
  | K_SHARE (K_UPDATE K_EXCLUSIVE | K_ROW K_EXCLUSIVE)?
  | K_EXCLUSIVE
  ;
notifyStmt
  : K_LISTEN colId
  | K_NOTIFY colId (COMMA STRING)?
  | K_UNLISTEN (colId | STAR)
  ;
maintenanceStmt
  : K_CHECKPOINT                                                                     # checkpointStmt
  | K_REINDEX (LPAREN utilityOption (COMMA utilityOption)* RPAREN)?
    ((K_INDEX | K_TABLE) K_CONCURRENTLY? qname | (K_SCHEMA | K_SYSTEM | K_DATABASE) K_CONCURRENTLY? colId) # reindexStmt
  | K_CLUSTER (K_VERBOSE? | LPAREN utilityOption (COMMA utilityOption)* RPAREN) (qname (K_USING colId)?)? # clusterStmt
  | K_CLUSTER K_VERBOSE? colId K_ON qname                                            # clusterStmt
  ;

qname : colId (DOT colLabel)*;
qnameList : qname (COMMA qname)*;

// ---------------------------------------------------------------- names
// The keyword classes are PostgreSQL 15's own, as pg_get_keywords() lists them.

colId
  : IDENT | K_ABORT | K_ABSOLUTE | K_ACCESS | K_ACTION | K_ADD | K_ADMIN | K_AFTER | K_AGGREGATE |
    K_ALSO | K_ALTER | K_ALWAYS | K_ASENSITIVE | K_ASSERTION | K_ASSIGNMENT | K_AT | K_ATOMIC |
    K_ATTACH | K_ATTRIBUTE | K_BACKWARD | K_BEFORE | K_BEGIN | K_BETWEEN | K_BIGINT | K_BIT |
    K_BOOLEAN | K_BREADTH | K_BY | K_CACHE | K_CALL | K_CALLED | K_CASCADE | K_CASCADED | K_CATALOG |
    K_CHAIN | K_CHAR | K_CHARACTER | K_CHARACTERISTICS | K_CHECKPOINT | K_CLASS | K_CLOSE | K_CLUSTER |
    K_COALESCE | K_COLUMNS | K_COMMENT | K_COMMENTS | K_COMMIT | K_COMMITTED | K_COMPRESSION |
    K_CONFIGURATION | K_CONFLICT | K_CONNECTION | K_CONSTRAINTS | K_CONTENT | K_CONTINUE |
    K_CONVERSION | K_COPY | K_COST | K_CSV | K_CUBE | K_CURRENT | K_CURSOR | K_CYCLE | K_DATA |
    K_DATABASE | K_DAY | K_DEALLOCATE | K_DEC | K_DECIMAL | K_DECLARE | K_DEFAULTS | K_DEFERRED |
    K_DEFINER | K_DELETE | K_DELIMITER | K_DELIMITERS | K_DEPENDS | K_DEPTH | K_DETACH | K_DICTIONARY |
    K_DISABLE | K_DISCARD | K_DOCUMENT | K_DOMAIN | K_DOUBLE | K_DROP | K_EACH | K_ENABLE |
    K_ENCODING | K_ENCRYPTED | K_ENUM | K_ESCAPE | K_EVENT | K_EXCLUDE | K_EXCLUDING | K_EXCLUSIVE |
    K_EXECUTE | K_EXISTS | K_EXPLAIN | K_EXPRESSION | K_EXTENSION | K_EXTERNAL | K_EXTRACT | K_FAMILY |
    K_FILTER | K_FINALIZE | K_FIRST | K_FLOAT | K_FOLLOWING | K_FORCE | K_FORWARD | K_FUNCTION |
    K_FUNCTIONS | K_GENERATED | K_GLOBAL | K_GRANTED | K_GREATEST | K_GROUPING | K_GROUPS | K_HANDLER |
    K_HEADER | K_HOLD | K_HOUR | K_IDENTITY | K_IF | K_IMMEDIATE | K_IMMUTABLE | K_IMPLICIT |
    K_IMPORT | K_INCLUDE | K_INCLUDING | K_INCREMENT | K_INDEX | K_INDEXES | K_INHERIT | K_INHERITS |
    K_INLINE | K_INOUT | K_INPUT | K_INSENSITIVE | K_INSERT | K_INSTEAD | K_INT | K_INTEGER |
    K_INTERVAL | K_INVOKER | K_ISOLATION | K_KEY | K_LABEL | K_LANGUAGE | K_LARGE | K_LAST |
    K_LEAKPROOF | K_LEAST | K_LEVEL | K_LISTEN | K_LOAD | K_LOCAL | K_LOCATION | K_LOCK | K_LOCKED |
    K_LOGGED | K_MAPPING | K_MATCH | K_MATCHED | K_MATERIALIZED | K_MAXVALUE | K_MERGE | K_METHOD |
    K_MINUTE | K_MINVALUE | K_MODE | K_MONTH | K_MOVE | K_NAME | K_NAMES | K_NATIONAL | K_NCHAR |
    K_NEW | K_NEXT | K_NFC | K_NFD | K_NFKC | K_NFKD | K_NO | K_NONE | K_NORMALIZE | K_NORMALIZED |
    K_NOTHING | K_NOTIFY | K_NOWAIT | K_NULLIF | K_NULLS | K_NUMERIC | K_OBJECT | K_OF | K_OFF |
    K_OIDS | K_OLD | K_OPERATOR | K_OPTION | K_OPTIONS | K_ORDINALITY | K_OTHERS | K_OUT | K_OVER |
    K_OVERLAY | K_OVERRIDING | K_OWNED | K_OWNER | K_PARALLEL | K_PARAMETER | K_PARSER | K_PARTIAL |
    K_PARTITION | K_PASSING | K_PASSWORD | K_PLANS | K_POLICY | K_POSITION | K_PRECEDING |
    K_PRECISION | K_PREPARE | K_PREPARED | K_PRESERVE | K_PRIOR | K_PRIVILEGES | K_PROCEDURAL |
    K_PROCEDURE | K_PROCEDURES | K_PROGRAM | K_PUBLICATION | K_QUOTE | K_RANGE | K_READ | K_REAL |
    K_REASSIGN | K_RECHECK | K_RECURSIVE | K_REF | K_REFERENCING | K_REFRESH | K_REINDEX | K_RELATIVE |
    K_RELEASE | K_RENAME | K_REPEATABLE | K_REPLACE | K_REPLICA | K_RESET | K_RESTART | K_RESTRICT |
    K_RETURN | K_RETURNS | K_REVOKE | K_ROLE | K_ROLLBACK | K_ROLLUP | K_ROUTINE | K_ROUTINES | K_ROW |
    K_ROWS | K_RULE | K_SAVEPOINT | K_SCHEMA | K_SCHEMAS | K_SCROLL | K_SEARCH | K_SECOND |
    K_SECURITY | K_SEQUENCE | K_SEQUENCES | K_SERIALIZABLE | K_SERVER | K_SESSION | K_SET | K_SETOF |
    K_SETS | K_SHARE | K_SHOW | K_SIMPLE | K_SKIP | K_SMALLINT | K_SNAPSHOT | K_SQL | K_STABLE |
    K_STANDALONE | K_START | K_STATEMENT | K_STATISTICS | K_STDIN | K_STDOUT | K_STORAGE | K_STORED |
    K_STRICT | K_STRIP | K_SUBSCRIPTION | K_SUBSTRING | K_SUPPORT | K_SYSID | K_SYSTEM | K_TABLES |
    K_TABLESPACE | K_TEMP | K_TEMPLATE | K_TEMPORARY | K_TEXT | K_TIES | K_TIME | K_TIMESTAMP |
    K_TRANSACTION | K_TRANSFORM | K_TREAT | K_TRIGGER | K_TRIM | K_TRUNCATE | K_TRUSTED | K_TYPE |
    K_TYPES | K_UESCAPE | K_UNBOUNDED | K_UNCOMMITTED | K_UNENCRYPTED | K_UNKNOWN | K_UNLISTEN |
    K_UNLOGGED | K_UNTIL | K_UPDATE | K_VACUUM | K_VALID | K_VALIDATE | K_VALIDATOR | K_VALUE |
    K_VALUES | K_VARCHAR | K_VARYING | K_VERSION | K_VIEW | K_VIEWS | K_VOLATILE | K_WHITESPACE |
    K_WITHIN | K_WITHOUT | K_WORK | K_WRAPPER | K_WRITE | K_XML | K_XMLATTRIBUTES | K_XMLCONCAT |
    K_XMLELEMENT | K_XMLEXISTS | K_XMLFOREST | K_XMLNAMESPACES | K_XMLPARSE | K_XMLPI | K_XMLROOT |
    K_XMLSERIALIZE | K_XMLTABLE | K_YEAR | K_YES | K_ZONE
  ;

typeFuncName
  : IDENT | K_ABORT | K_ABSOLUTE | K_ACCESS | K_ACTION | K_ADD | K_ADMIN | K_AFTER | K_AGGREGATE |
    K_ALSO | K_ALTER | K_ALWAYS | K_ASENSITIVE | K_ASSERTION | K_ASSIGNMENT | K_AT | K_ATOMIC |
    K_ATTACH | K_ATTRIBUTE | K_AUTHORIZATION | K_BACKWARD | K_BEFORE | K_BEGIN | K_BINARY | K_BREADTH |
    K_BY | K_CACHE | K_CALL | K_CALLED | K_CASCADE | K_CASCADED | K_CATALOG | K_CHAIN |
    K_CHARACTERISTICS | K_CHECKPOINT | K_CLASS | K_CLOSE | K_CLUSTER | K_COLLATION | K_COLUMNS |
    K_COMMENT | K_COMMENTS | K_COMMIT | K_COMMITTED | K_COMPRESSION | K_CONCURRENTLY |
    K_CONFIGURATION | K_CONFLICT | K_CONNECTION | K_CONSTRAINTS | K_CONTENT | K_CONTINUE |
    K_CONVERSION | K_COPY | K_COST | K_CROSS | K_CSV | K_CUBE | K_CURRENT | K_CURRENT_SCHEMA |
    K_CURSOR | K_CYCLE | K_DATA | K_DATABASE | K_DAY | K_DEALLOCATE | K_DECLARE | K_DEFAULTS |
    K_DEFERRED | K_DEFINER | K_DELETE | K_DELIMITER | K_DELIMITERS | K_DEPENDS | K_DEPTH | K_DETACH |
    K_DICTIONARY | K_DISABLE | K_DISCARD | K_DOCUMENT | K_DOMAIN | K_DOUBLE | K_DROP | K_EACH |
    K_ENABLE | K_ENCODING | K_ENCRYPTED | K_ENUM | K_ESCAPE | K_EVENT | K_EXCLUDE | K_EXCLUDING |
    K_EXCLUSIVE | K_EXECUTE | K_EXPLAIN | K_EXPRESSION | K_EXTENSION | K_EXTERNAL | K_FAMILY |
    K_FILTER | K_FINALIZE | K_FIRST | K_FOLLOWING | K_FORCE | K_FORWARD | K_FREEZE | K_FULL |
    K_FUNCTION | K_FUNCTIONS | K_GENERATED | K_GLOBAL | K_GRANTED | K_GROUPS | K_HANDLER | K_HEADER |
    K_HOLD | K_HOUR | K_IDENTITY | K_IF | K_ILIKE | K_IMMEDIATE | K_IMMUTABLE | K_IMPLICIT | K_IMPORT |
    K_INCLUDE | K_INCLUDING | K_INCREMENT | K_INDEX | K_INDEXES | K_INHERIT | K_INHERITS | K_INLINE |
    K_INNER | K_INPUT | K_INSENSITIVE | K_INSERT | K_INSTEAD | K_INVOKER | K_IS | K_ISNULL |
    K_ISOLATION | K_JOIN | K_KEY | K_LABEL | K_LANGUAGE | K_LARGE | K_LAST | K_LEAKPROOF | K_LEFT |
    K_LEVEL | K_LIKE | K_LISTEN | K_LOAD | K_LOCAL | K_LOCATION | K_LOCK | K_LOCKED | K_LOGGED |
    K_MAPPING | K_MATCH | K_MATCHED | K_MATERIALIZED | K_MAXVALUE | K_MERGE | K_METHOD | K_MINUTE |
    K_MINVALUE | K_MODE | K_MONTH | K_MOVE | K_NAME | K_NAMES | K_NATURAL | K_NEW | K_NEXT | K_NFC |
    K_NFD | K_NFKC | K_NFKD | K_NO | K_NORMALIZED | K_NOTHING | K_NOTIFY | K_NOTNULL | K_NOWAIT |
    K_NULLS | K_OBJECT | K_OF | K_OFF | K_OIDS | K_OLD | K_OPERATOR | K_OPTION | K_OPTIONS |
    K_ORDINALITY | K_OTHERS | K_OUTER | K_OVER | K_OVERLAPS | K_OVERRIDING | K_OWNED | K_OWNER |
    K_PARALLEL | K_PARAMETER | K_PARSER | K_PARTIAL | K_PARTITION | K_PASSING | K_PASSWORD | K_PLANS |
    K_POLICY | K_PRECEDING | K_PREPARE | K_PREPARED | K_PRESERVE | K_PRIOR | K_PRIVILEGES |
    K_PROCEDURAL | K_PROCEDURE | K_PROCEDURES | K_PROGRAM | K_PUBLICATION | K_QUOTE | K_RANGE |
    K_READ | K_REASSIGN | K_RECHECK | K_RECURSIVE | K_REF | K_REFERENCING | K_REFRESH | K_REINDEX |
    K_RELATIVE | K_RELEASE | K_RENAME | K_REPEATABLE | K_REPLACE | K_REPLICA | K_RESET | K_RESTART |
    K_RESTRICT | K_RETURN | K_RETURNS | K_REVOKE | K_RIGHT | K_ROLE | K_ROLLBACK | K_ROLLUP |
    K_ROUTINE | K_ROUTINES | K_ROWS | K_RULE | K_SAVEPOINT | K_SCHEMA | K_SCHEMAS | K_SCROLL |
    K_SEARCH | K_SECOND | K_SECURITY | K_SEQUENCE | K_SEQUENCES | K_SERIALIZABLE | K_SERVER |
    K_SESSION | K_SET | K_SETS | K_SHARE | K_SHOW | K_SIMILAR | K_SIMPLE | K_SKIP | K_SNAPSHOT |
    K_SQL | K_STABLE | K_STANDALONE | K_START | K_STATEMENT | K_STATISTICS | K_STDIN | K_STDOUT |
    K_STORAGE | K_STORED | K_STRICT | K_STRIP | K_SUBSCRIPTION | K_SUPPORT | K_SYSID | K_SYSTEM |
    K_TABLES | K_TABLESAMPLE | K_TABLESPACE | K_TEMP | K_TEMPLATE | K_TEMPORARY | K_TEXT | K_TIES |
    K_TRANSACTION | K_TRANSFORM | K_TRIGGER | K_TRUNCATE | K_TRUSTED | K_TYPE | K_TYPES | K_UESCAPE |
    K_UNBOUNDED | K_UNCOMMITTED | K_UNENCRYPTED | K_UNKNOWN | K_UNLISTEN | K_UNLOGGED | K_UNTIL |
    K_UPDATE | K_VACUUM | K_VALID | K_VALIDATE | K_VALIDATOR | K_VALUE | K_VARYING | K_VERBOSE |
    K_VERSION | K_VIEW | K_VIEWS | K_VOLATILE | K_WHITESPACE | K_WITHIN | K_WITHOUT | K_WORK |
    K_WRAPPER | K_WRITE | K_XML | K_YEAR | K_YES | K_ZONE
  ;

nonReservedWord
  : IDENT | K_ABORT | K_ABSOLUTE | K_ACCESS | K_ACTION | K_ADD | K_ADMIN | K_AFTER | K_AGGREGATE |
    K_ALSO | K_ALTER | K_ALWAYS | K_ASENSITIVE | K_ASSERTION | K_ASSIGNMENT | K_AT | K_ATOMIC |
    K_ATTACH | K_ATTRIBUTE | K_AUTHORIZATION | K_BACKWARD | K_BEFORE | K_BEGIN | K_BETWEEN | K_BIGINT |
    K_BINARY | K_BIT | K_BOOLEAN | K_BREADTH | K_BY | K_CACHE | K_CALL | K_CALLED | K_CASCADE |
    K_CASCADED | K_CATALOG | K_CHAIN | K_CHAR | K_CHARACTER | K_CHARACTERISTICS | K_CHECKPOINT |
    K_CLASS | K_CLOSE | K_CLUSTER | K_COALESCE | K_COLLATION | K_COLUMNS | K_COMMENT | K_COMMENTS |
    K_COMMIT | K_COMMITTED | K_COMPRESSION | K_CONCURRENTLY | K_CONFIGURATION | K_CONFLICT |
    K_CONNECTION | K_CONSTRAINTS | K_CONTENT | K_CONTINUE | K_CONVERSION | K_COPY | K_COST | K_CROSS |
    K_CSV | K_CUBE | K_CURRENT | K_CURRENT_SCHEMA | K_CURSOR | K_CYCLE | K_DATA | K_DATABASE | K_DAY |
    K_DEALLOCATE | K_DEC | K_DECIMAL | K_DECLARE | K_DEFAULTS | K_DEFERRED | K_DEFINER | K_DELETE |
    K_DELIMITER | K_DELIMITERS | K_DEPENDS | K_DEPTH | K_DETACH | K_DICTIONARY | K_DISABLE |
    K_DISCARD | K_DOCUMENT | K_DOMAIN | K_DOUBLE | K_DROP | K_EACH | K_ENABLE | K_ENCODING |
    K_ENCRYPTED | K_ENUM | K_ESCAPE | K_EVENT | K_EXCLUDE | K_EXCLUDING | K_EXCLUSIVE | K_EXECUTE |
    K_EXISTS | K_EXPLAIN | K_EXPRESSION | K_EXTENSION | K_EXTERNAL | K_EXTRACT | K_FAMILY | K_FILTER |
    K_FINALIZE | K_FIRST | K_FLOAT | K_FOLLOWING | K_FORCE | K_FORWARD | K_FREEZE | K_FULL |
    K_FUNCTION | K_FUNCTIONS | K_GENERATED | K_GLOBAL | K_GRANTED | K_GREATEST | K_GROUPING |
    K_GROUPS | K_HANDLER | K_HEADER | K_HOLD | K_HOUR | K_IDENTITY | K_IF | K_ILIKE | K_IMMEDIATE |
    K_IMMUTABLE | K_IMPLICIT | K_IMPORT | K_INCLUDE | K_INCLUDING | K_INCREMENT | K_INDEX | K_INDEXES |
    K_INHERIT | K_INHERITS | K_INLINE | K_INNER | K_INOUT | K_INPUT | K_INSENSITIVE | K_INSERT |
    K_INSTEAD | K_INT | K_INTEGER | K_INTERVAL | K_INVOKER | K_IS | K_ISNULL | K_ISOLATION | K_JOIN |
    K_KEY | K_LABEL | K_LANGUAGE | K_LARGE | K_LAST | K_LEAKPROOF | K_LEAST | K_LEFT | K_LEVEL |
    K_LIKE | K_LISTEN | K_LOAD | K_LOCAL | K_LOCATION | K_LOCK | K_LOCKED | K_LOGGED | K_MAPPING |
    K_MATCH | K_MATCHED | K_MATERIALIZED | K_MAXVALUE | K_MERGE | K_METHOD | K_MINUTE | K_MINVALUE |
    K_MODE | K_MONTH | K_MOVE | K_NAME | K_NAMES | K_NATIONAL | K_NATURAL | K_NCHAR | K_NEW | K_NEXT |
    K_NFC | K_NFD | K_NFKC | K_NFKD | K_NO | K_NONE | K_NORMALIZE | K_NORMALIZED | K_NOTHING |
    K_NOTIFY | K_NOTNULL | K_NOWAIT | K_NULLIF | K_NULLS | K_NUMERIC | K_OBJECT | K_OF | K_OFF |
    K_OIDS | K_OLD | K_OPERATOR | K_OPTION | K_OPTIONS | K_ORDINALITY | K_OTHERS | K_OUT | K_OUTER |
    K_OVER | K_OVERLAPS | K_OVERLAY | K_OVERRIDING | K_OWNED | K_OWNER | K_PARALLEL | K_PARAMETER |
    K_PARSER | K_PARTIAL | K_PARTITION | K_PASSING | K_PASSWORD | K_PLANS | K_POLICY | K_POSITION |
    K_PRECEDING | K_PRECISION | K_PREPARE | K_PREPARED | K_PRESERVE | K_PRIOR | K_PRIVILEGES |
    K_PROCEDURAL | K_PROCEDURE | K_PROCEDURES | K_PROGRAM | K_PUBLICATION | K_QUOTE | K_RANGE |
    K_READ | K_REAL | K_REASSIGN | K_RECHECK | K_RECURSIVE | K_REF | K_REFERENCING | K_REFRESH |
    K_REINDEX | K_RELATIVE | K_RELEASE | K_RENAME | K_REPEATABLE | K_REPLACE | K_REPLICA | K_RESET |
    K_RESTART | K_RESTRICT | K_RETURN | K_RETURNS | K_REVOKE | K_RIGHT | K_ROLE | K_ROLLBACK |
    K_ROLLUP | K_ROUTINE | K_ROUTINES | K_ROW | K_ROWS | K_RULE | K_SAVEPOINT | K_SCHEMA | K_SCHEMAS |
    K_SCROLL | K_SEARCH | K_SECOND | K_SECURITY | K_SEQUENCE | K_SEQUENCES | K_SERIALIZABLE |
    K_SERVER | K_SESSION | K_SET | K_SETOF | K_SETS | K_SHARE | K_SHOW | K_SIMILAR | K_SIMPLE |
    K_SKIP | K_SMALLINT | K_SNAPSHOT | K_SQL | K_STABLE | K_STANDALONE | K_START | K_STATEMENT |
    K_STATISTICS | K_STDIN | K_STDOUT | K_STORAGE | K_STORED | K_STRICT | K_STRIP | K_SUBSCRIPTION |
    K_SUBSTRING | K_SUPPORT | K_SYSID | K_SYSTEM | K_TABLES | K_TABLESAMPLE | K_TABLESPACE | K_TEMP |
    K_TEMPLATE | K_TEMPORARY | K_TEXT | K_TIES | K_TIME | K_TIMESTAMP | K_TRANSACTION | K_TRANSFORM |
    K_TREAT | K_TRIGGER | K_TRIM | K_TRUNCATE | K_TRUSTED | K_TYPE | K_TYPES | K_UESCAPE |
    K_UNBOUNDED | K_UNCOMMITTED | K_UNENCRYPTED | K_UNKNOWN | K_UNLISTEN | K_UNLOGGED | K_UNTIL |
    K_UPDATE | K_VACUUM | K_VALID | K_VALIDATE | K_VALIDATOR | K_VALUE | K_VALUES | K_VARCHAR |
    K_VARYING | K_VERBOSE | K_VERSION | K_VIEW | K_VIEWS | K_VOLATILE | K_WHITESPACE | K_WITHIN |
    K_WITHOUT | K_WORK | K_WRAPPER | K_WRITE | K_XML | K_XMLATTRIBUTES | K_XMLCONCAT | K_XMLELEMENT |
    K_XMLEXISTS | K_XMLFOREST | K_XMLNAMESPACES | K_XMLPARSE | K_XMLPI | K_XMLROOT | K_XMLSERIALIZE |
    K_XMLTABLE | K_YEAR | K_YES | K_ZONE
  ;

colLabel
  : IDENT | K_ABORT | K_ABSOLUTE | K_ACCESS | K_ACTION | K_ADD | K_ADMIN | K_AFTER | K_AGGREGATE |
    K_ALL | K_ALSO | K_ALTER | K_ALWAYS | K_ANALYSE | K_ANALYZE | K_AND | K_ANY | K_ARRAY | K_AS |
    K_ASC | K_ASENSITIVE | K_ASSERTION | K_ASSIGNMENT | K_ASYMMETRIC | K_AT | K_ATOMIC | K_ATTACH |
    K_ATTRIBUTE | K_AUTHORIZATION | K_BACKWARD | K_BEFORE | K_BEGIN | K_BETWEEN | K_BIGINT | K_BINARY |
    K_BIT | K_BOOLEAN | K_BOTH | K_BREADTH | K_BY | K_CACHE | K_CALL | K_CALLED | K_CASCADE |
    K_CASCADED | K_CASE | K_CAST | K_CATALOG | K_CHAIN | K_CHAR | K_CHARACTER | K_CHARACTERISTICS |
    K_CHECK | K_CHECKPOINT | K_CLASS | K_CLOSE | K_CLUSTER | K_COALESCE | K_COLLATE | K_COLLATION |
    K_COLUMN | K_COLUMNS | K_COMMENT | K_COMMENTS | K_COMMIT | K_COMMITTED | K_COMPRESSION |
    K_CONCURRENTLY | K_CONFIGURATION | K_CONFLICT | K_CONNECTION | K_CONSTRAINT | K_CONSTRAINTS |
    K_CONTENT | K_CONTINUE | K_CONVERSION | K_COPY | K_COST | K_CREATE | K_CROSS | K_CSV | K_CUBE |
    K_CURRENT | K_CURRENT_CATALOG | K_CURRENT_DATE | K_CURRENT_ROLE | K_CURRENT_SCHEMA |
    K_CURRENT_TIME | K_CURRENT_TIMESTAMP | K_CURRENT_USER | K_CURSOR | K_CYCLE | K_DATA | K_DATABASE |
    K_DAY | K_DEALLOCATE | K_DEC | K_DECIMAL | K_DECLARE | K_DEFAULT | K_DEFAULTS | K_DEFERRABLE |
    K_DEFERRED | K_DEFINER | K_DELETE | K_DELIMITER | K_DELIMITERS | K_DEPENDS | K_DEPTH | K_DESC |
    K_DETACH | K_DICTIONARY | K_DISABLE | K_DISCARD | K_DISTINCT | K_DO | K_DOCUMENT | K_DOMAIN |
    K_DOUBLE | K_DROP | K_EACH | K_ELSE | K_ENABLE | K_ENCODING | K_ENCRYPTED | K_END | K_ENUM |
    K_ESCAPE | K_EVENT | K_EXCEPT | K_EXCLUDE | K_EXCLUDING | K_EXCLUSIVE | K_EXECUTE | K_EXISTS |
    K_EXPLAIN | K_EXPRESSION | K_EXTENSION | K_EXTERNAL | K_EXTRACT | K_FALSE | K_FAMILY | K_FETCH |
    K_FILTER | K_FINALIZE | K_FIRST | K_FLOAT | K_FOLLOWING | K_FOR | K_FORCE | K_FOREIGN | K_FORWARD |
    K_FREEZE | K_FROM | K_FULL | K_FUNCTION | K_FUNCTIONS | K_GENERATED | K_GLOBAL | K_GRANT |
    K_GRANTED | K_GREATEST | K_GROUP | K_GROUPING | K_GROUPS | K_HANDLER | K_HAVING | K_HEADER |
    K_HOLD | K_HOUR | K_IDENTITY | K_IF | K_ILIKE | K_IMMEDIATE | K_IMMUTABLE | K_IMPLICIT | K_IMPORT |
    K_IN | K_INCLUDE | K_INCLUDING | K_INCREMENT | K_INDEX | K_INDEXES | K_INHERIT | K_INHERITS |
    K_INITIALLY | K_INLINE | K_INNER | K_INOUT | K_INPUT | K_INSENSITIVE | K_INSERT | K_INSTEAD |
    K_INT | K_INTEGER | K_INTERSECT | K_INTERVAL | K_INTO | K_INVOKER | K_IS | K_ISNULL | K_ISOLATION |
    K_JOIN | K_KEY | K_LABEL | K_LANGUAGE | K_LARGE | K_LAST | K_LATERAL | K_LEADING | K_LEAKPROOF |
    K_LEAST | K_LEFT | K_LEVEL | K_LIKE | K_LIMIT | K_LISTEN | K_LOAD | K_LOCAL | K_LOCALTIME |
    K_LOCALTIMESTAMP | K_LOCATION | K_LOCK | K_LOCKED | K_LOGGED | K_MAPPING | K_MATCH | K_MATCHED |
    K_MATERIALIZED | K_MAXVALUE | K_MERGE | K_METHOD | K_MINUTE | K_MINVALUE | K_MODE | K_MONTH |
    K_MOVE | K_NAME | K_NAMES | K_NATIONAL | K_NATURAL | K_NCHAR | K_NEW | K_NEXT | K_NFC | K_NFD |
    K_NFKC | K_NFKD | K_NO | K_NONE | K_NORMALIZE | K_NORMALIZED | K_NOT | K_NOTHING | K_NOTIFY |
    K_NOTNULL | K_NOWAIT | K_NULL | K_NULLIF | K_NULLS | K_NUMERIC | K_OBJECT | K_OF | K_OFF |
    K_OFFSET | K_OIDS | K_OLD | K_ON | K_ONLY | K_OPERATOR | K_OPTION | K_OPTIONS | K_OR | K_ORDER |
    K_ORDINALITY | K_OTHERS | K_OUT | K_OUTER | K_OVER | K_OVERLAPS | K_OVERLAY | K_OVERRIDING |
    K_OWNED | K_OWNER | K_PARALLEL | K_PARAMETER | K_PARSER | K_PARTIAL | K_PARTITION | K_PASSING |
    K_PASSWORD | K_PLACING | K_PLANS | K_POLICY | K_POSITION | K_PRECEDING | K_PRECISION | K_PREPARE |
    K_PREPARED | K_PRESERVE | K_PRIMARY | K_PRIOR | K_PRIVILEGES | K_PROCEDURAL | K_PROCEDURE |
    K_PROCEDURES | K_PROGRAM | K_PUBLICATION | K_QUOTE | K_RANGE | K_READ | K_REAL | K_REASSIGN |
    K_RECHECK | K_RECURSIVE | K_REF | K_REFERENCES | K_REFERENCING | K_REFRESH | K_REINDEX |
    K_RELATIVE | K_RELEASE | K_RENAME | K_REPEATABLE | K_REPLACE | K_REPLICA | K_RESET | K_RESTART |
    K_RESTRICT | K_RETURN | K_RETURNING | K_RETURNS | K_REVOKE | K_RIGHT | K_ROLE | K_ROLLBACK |
    K_ROLLUP | K_ROUTINE | K_ROUTINES | K_ROW | K_ROWS | K_RULE | K_SAVEPOINT | K_SCHEMA | K_SCHEMAS |
    K_SCROLL | K_SEARCH | K_SECOND | K_SECURITY | K_SELECT | K_SEQUENCE | K_SEQUENCES |
    K_SERIALIZABLE | K_SERVER | K_SESSION | K_SESSION_USER | K_SET | K_SETOF | K_SETS | K_SHARE |
    K_SHOW | K_SIMILAR | K_SIMPLE | K_SKIP | K_SMALLINT | K_SNAPSHOT | K_SOME | K_SQL | K_STABLE |
    K_STANDALONE | K_START | K_STATEMENT | K_STATISTICS | K_STDIN | K_STDOUT | K_STORAGE | K_STORED |
    K_STRICT | K_STRIP | K_SUBSCRIPTION | K_SUBSTRING | K_SUPPORT | K_SYMMETRIC | K_SYSID | K_SYSTEM |
    K_TABLE | K_TABLES | K_TABLESAMPLE | K_TABLESPACE | K_TEMP | K_TEMPLATE | K_TEMPORARY | K_TEXT |
    K_THEN | K_TIES | K_TIME | K_TIMESTAMP | K_TO | K_TRAILING | K_TRANSACTION | K_TRANSFORM |
    K_TREAT | K_TRIGGER | K_TRIM | K_TRUE | K_TRUNCATE | K_TRUSTED | K_TYPE | K_TYPES | K_UESCAPE |
    K_UNBOUNDED | K_UNCOMMITTED | K_UNENCRYPTED | K_UNION | K_UNIQUE | K_UNKNOWN | K_UNLISTEN |
    K_UNLOGGED | K_UNTIL | K_UPDATE | K_USER | K_USING | K_VACUUM | K_VALID | K_VALIDATE |
    K_VALIDATOR | K_VALUE | K_VALUES | K_VARCHAR | K_VARIADIC | K_VARYING | K_VERBOSE | K_VERSION |
    K_VIEW | K_VIEWS | K_VOLATILE | K_WHEN | K_WHERE | K_WHITESPACE | K_WINDOW | K_WITH | K_WITHIN |
    K_WITHOUT | K_WORK | K_WRAPPER | K_WRITE | K_XML | K_XMLATTRIBUTES | K_XMLCONCAT | K_XMLELEMENT |
    K_XMLEXISTS | K_XMLFOREST | K_XMLNAMESPACES | K_XMLPARSE | K_XMLPI | K_XMLROOT | K_XMLSERIALIZE |
    K_XMLTABLE | K_YEAR | K_YES | K_ZONE
  ;

bareLabel
  : IDENT | K_ABORT | K_ABSOLUTE | K_ACCESS | K_ACTION | K_ADD | K_ADMIN | K_AFTER | K_AGGREGATE |
    K_ALL | K_ALSO | K_ALTER | K_ALWAYS | K_ANALYSE | K_ANALYZE | K_AND | K_ANY | K_ASC |
    K_ASENSITIVE | K_ASSERTION | K_ASSIGNMENT | K_ASYMMETRIC | K_AT | K_ATOMIC | K_ATTACH |
    K_ATTRIBUTE | K_AUTHORIZATION | K_BACKWARD | K_BEFORE | K_BEGIN | K_BETWEEN | K_BIGINT | K_BINARY |
    K_BIT | K_BOOLEAN | K_BOTH | K_BREADTH | K_BY | K_CACHE | K_CALL | K_CALLED | K_CASCADE |
    K_CASCADED | K_CASE | K_CAST | K_CATALOG | K_CHAIN | K_CHARACTERISTICS | K_CHECK | K_CHECKPOINT |
    K_CLASS | K_CLOSE | K_CLUSTER | K_COALESCE | K_COLLATE | K_COLLATION | K_COLUMN | K_COLUMNS |
    K_COMMENT | K_COMMENTS | K_COMMIT | K_COMMITTED | K_COMPRESSION | K_CONCURRENTLY |
    K_CONFIGURATION | K_CONFLICT | K_CONNECTION | K_CONSTRAINT | K_CONSTRAINTS | K_CONTENT |
    K_CONTINUE | K_CONVERSION | K_COPY | K_COST | K_CROSS | K_CSV | K_CUBE | K_CURRENT |
    K_CURRENT_CATALOG | K_CURRENT_DATE | K_CURRENT_ROLE | K_CURRENT_SCHEMA | K_CURRENT_TIME |
    K_CURRENT_TIMESTAMP | K_CURRENT_USER | K_CURSOR | K_CYCLE | K_DATA | K_DATABASE | K_DEALLOCATE |
    K_DEC | K_DECIMAL | K_DECLARE | K_DEFAULT | K_DEFAULTS | K_DEFERRABLE | K_DEFERRED | K_DEFINER |
    K_DELETE | K_DELIMITER | K_DELIMITERS | K_DEPENDS | K_DEPTH | K_DESC | K_DETACH | K_DICTIONARY |
    K_DISABLE | K_DISCARD | K_DISTINCT | K_DO | K_DOCUMENT | K_DOMAIN | K_DOUBLE | K_DROP | K_EACH |
    K_ELSE | K_ENABLE | K_ENCODING | K_ENCRYPTED | K_END | K_ENUM | K_ESCAPE | K_EVENT | K_EXCLUDE |
    K_EXCLUDING | K_EXCLUSIVE | K_EXECUTE | K_EXISTS | K_EXPLAIN | K_EXPRESSION | K_EXTENSION |
    K_EXTERNAL | K_EXTRACT | K_FALSE | K_FAMILY | K_FINALIZE | K_FIRST | K_FLOAT | K_FOLLOWING |
    K_FORCE | K_FOREIGN | K_FORWARD | K_FREEZE | K_FULL | K_FUNCTION | K_FUNCTIONS | K_GENERATED |
    K_GLOBAL | K_GRANTED | K_GREATEST | K_GROUPING | K_GROUPS | K_HANDLER | K_HEADER | K_HOLD |
    K_IDENTITY | K_IF | K_ILIKE | K_IMMEDIATE | K_IMMUTABLE | K_IMPLICIT | K_IMPORT | K_IN |
    K_INCLUDE | K_INCLUDING | K_INCREMENT | K_INDEX | K_INDEXES | K_INHERIT | K_INHERITS |
    K_INITIALLY | K_INLINE | K_INNER | K_INOUT | K_INPUT | K_INSENSITIVE | K_INSERT | K_INSTEAD |
    K_INT | K_INTEGER | K_INTERVAL | K_INVOKER | K_IS | K_ISOLATION | K_JOIN | K_KEY | K_LABEL |
    K_LANGUAGE | K_LARGE | K_LAST | K_LATERAL | K_LEADING | K_LEAKPROOF | K_LEAST | K_LEFT | K_LEVEL |
    K_LIKE | K_LISTEN | K_LOAD | K_LOCAL | K_LOCALTIME | K_LOCALTIMESTAMP | K_LOCATION | K_LOCK |
    K_LOCKED | K_LOGGED | K_MAPPING | K_MATCH | K_MATCHED | K_MATERIALIZED | K_MAXVALUE | K_MERGE |
    K_METHOD | K_MINVALUE | K_MODE | K_MOVE | K_NAME | K_NAMES | K_NATIONAL | K_NATURAL | K_NCHAR |
    K_NEW | K_NEXT | K_NFC | K_NFD | K_NFKC | K_NFKD | K_NO | K_NONE | K_NORMALIZE | K_NORMALIZED |
    K_NOT | K_NOTHING | K_NOTIFY | K_NOWAIT | K_NULL | K_NULLIF | K_NULLS | K_NUMERIC | K_OBJECT |
    K_OF | K_OFF | K_OIDS | K_OLD | K_ONLY | K_OPERATOR | K_OPTION | K_OPTIONS | K_OR | K_ORDINALITY |
    K_OTHERS | K_OUT | K_OUTER | K_OVERLAY | K_OVERRIDING | K_OWNED | K_OWNER | K_PARALLEL |
    K_PARAMETER | K_PARSER | K_PARTIAL | K_PARTITION | K_PASSING | K_PASSWORD | K_PLACING | K_PLANS |
    K_POLICY | K_POSITION | K_PRECEDING | K_PREPARE | K_PREPARED | K_PRESERVE | K_PRIMARY | K_PRIOR |
    K_PRIVILEGES | K_PROCEDURAL | K_PROCEDURE | K_PROCEDURES | K_PROGRAM | K_PUBLICATION | K_QUOTE |
    K_RANGE | K_READ | K_REAL | K_REASSIGN | K_RECHECK | K_RECURSIVE | K_REF | K_REFERENCES |
    K_REFERENCING | K_REFRESH | K_REINDEX | K_RELATIVE | K_RELEASE | K_RENAME | K_REPEATABLE |
    K_REPLACE | K_REPLICA | K_RESET | K_RESTART | K_RESTRICT | K_RETURN | K_RETURNS | K_REVOKE |
    K_RIGHT | K_ROLE | K_ROLLBACK | K_ROLLUP | K_ROUTINE | K_ROUTINES | K_ROW | K_ROWS | K_RULE |
    K_SAVEPOINT | K_SCHEMA | K_SCHEMAS | K_SCROLL | K_SEARCH | K_SECURITY | K_SELECT | K_SEQUENCE |
    K_SEQUENCES | K_SERIALIZABLE | K_SERVER | K_SESSION | K_SESSION_USER | K_SET | K_SETOF | K_SETS |
    K_SHARE | K_SHOW | K_SIMILAR | K_SIMPLE | K_SKIP | K_SMALLINT | K_SNAPSHOT | K_SOME | K_SQL |
    K_STABLE | K_STANDALONE | K_START | K_STATEMENT | K_STATISTICS | K_STDIN | K_STDOUT | K_STORAGE |
    K_STORED | K_STRICT | K_STRIP | K_SUBSCRIPTION | K_SUBSTRING | K_SUPPORT | K_SYMMETRIC | K_SYSID |
    K_SYSTEM | K_TABLE | K_TABLES | K_TABLESAMPLE | K_TABLESPACE | K_TEMP | K_TEMPLATE | K_TEMPORARY |
    K_TEXT | K_THEN | K_TIES | K_TIME | K_TIMESTAMP | K_TRAILING | K_TRANSACTION | K_TRANSFORM |
    K_TREAT | K_TRIGGER | K_TRIM | K_TRUE | K_TRUNCATE | K_TRUSTED | K_TYPE | K_TYPES | K_UESCAPE |
    K_UNBOUNDED | K_UNCOMMITTED | K_UNENCRYPTED | K_UNIQUE | K_UNKNOWN | K_UNLISTEN | K_UNLOGGED |
    K_UNTIL | K_UPDATE | K_USER | K_USING | K_VACUUM | K_VALID | K_VALIDATE | K_VALIDATOR | K_VALUE |
    K_VALUES | K_VARCHAR | K_VARIADIC | K_VERBOSE | K_VERSION | K_VIEW | K_VIEWS | K_VOLATILE |
    K_WHEN | K_WHITESPACE | K_WORK | K_WRAPPER | K_WRITE | K_XML | K_XMLATTRIBUTES | K_XMLCONCAT |
    K_XMLELEMENT | K_XMLEXISTS | K_XMLFOREST | K_XMLNAMESPACES | K_XMLPARSE | K_XMLPI | K_XMLROOT |
    K_XMLSERIALIZE | K_XMLTABLE | K_YES | K_ZONE
  ;

reservedWord
  : K_ALL | K_ANALYSE | K_ANALYZE | K_AND | K_ANY | K_ARRAY | K_AS | K_ASC | K_ASYMMETRIC | K_BOTH |
    K_CASE | K_CAST | K_CHECK | K_COLLATE | K_COLUMN | K_CONSTRAINT | K_CREATE | K_CURRENT_CATALOG |
    K_CURRENT_DATE | K_CURRENT_ROLE | K_CURRENT_TIME | K_CURRENT_TIMESTAMP | K_CURRENT_USER |
    K_DEFAULT | K_DEFERRABLE | K_DESC | K_DISTINCT | K_DO | K_ELSE | K_END | K_EXCEPT | K_FALSE |
    K_FETCH | K_FOR | K_FOREIGN | K_FROM | K_GRANT | K_GROUP | K_HAVING | K_IN | K_INITIALLY |
    K_INTERSECT | K_INTO | K_LATERAL | K_LEADING | K_LIMIT | K_LOCALTIME | K_LOCALTIMESTAMP | K_NOT |
    K_NULL | K_OFFSET | K_ON | K_ONLY | K_OR | K_ORDER | K_PLACING | K_PRIMARY | K_REFERENCES |
    K_RETURNING | K_SELECT | K_SESSION_USER | K_SOME | K_SYMMETRIC | K_TABLE | K_THEN | K_TO |
    K_TRAILING | K_TRUE | K_UNION | K_UNIQUE | K_USER | K_USING | K_VARIADIC | K_WHEN | K_WHERE |
    K_WINDOW | K_WITH
  ;
