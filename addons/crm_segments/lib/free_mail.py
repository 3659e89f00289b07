"""Mail domains that anybody can have an address of: sharing one says nothing. No database.

Source: ``_MAIL_PROVIDERS`` of the host (``iap/tools/iap_tools.py``, LGPL-3), which is not
installed with every database, without the host's own domain and with providers of Eastern
Europe added.

>>> is_free("GMAIL.com")
True
"""

FREE_MAIL = frozenset(
    """
    126.com 139.com 163.com 189.cn 21cn.com 7thcomputing.com abv.bg aim.com alice.it
    aliceadsl.fr aliyun.com aol.com arcor.de aselcis.com asterisk-tech.mn att.net bbox.fr
    bellsouth.net bigmir.net bigpond.com bk.ru blackwaretech.com bluewin.ch bol.com.br
    btinternet.com byom.de cegetel.net centrum.cz club-internet.fr comcast.net connect.hku.hk
    consultant.com cox.net dayrep.com dbmail.com dispostable.com eezee-it.com eim.ae email.com
    engineer.com esi.dz example.com fastmail.com fiu.edu foxmail.com free.fr freemail.hu
    freenet.de gamil.com gmai.com gmail.co gmail.com gmail.con gmail.fr gmail.om gmaill.com
    gmal.com gmial.com gmil.com gmx.at gmx.ch gmx.com gmx.de gmx.fr gmx.net gmx.us google.com
    googlemail.com grr.la hanmail.net hec.ca hey.com hku.hk hku.hku home.nl hotmai.com
    hotmail.be hotmail.ca hotmail.co.th hotmail.co.uk hotmail.com hotmail.de hotmail.es
    hotmail.fr hotmail.it hotmail.nl i.ua icloud.com ig.com.br iinet.net.au in.com inbox.com
    inbox.lv inbox.ru interia.pl internet.ru kedgebs.com laposte.net ldc.edu.in lenta.ru
    libero.it linkedin.com list.ru live.be live.ca live.cn live.co.uk live.com live.com.au
    live.com.mx live.de live.fr live.in live.it live.nl lycos.com mac.com mail.com mail.de
    mail.ru mailcatch.com maildrop.cc mailinator.com me.com meta.ua msn.com mvrht.com narod.ru
    nate.com naver.com netcourrier.com neuf.fr nirmauni.ac.in nwytg.com nwytg.net nyit.edu o2.pl
    oci.fr onet.pl online.de op.pl opayq.com optusnet.com.au orange.fr orbitalu.com outlook.be
    outlook.com outlook.com.br outlook.de outlook.es outlook.fr outlook.it outlook.jp pm.me
    pochta.ru posteo.de prisme.ch prixgen.com prodigy.net.mx proton.me protonmail.ch
    protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com rogers.com safecoms.com
    sapo.pt sbcglobal.net scarlet.be seznam.cz sfr.fr shaw.ca sina.cn sina.com sky.com skynet.be
    smile.fr sohu.com sprintit.fi supinfo.com t-online.de telenet.be teleworm.us terra.com.br
    tin.it tiscali.it tom.com topnet.tn trbvm.com trbvn.com tut.by tuta.com tutanota.com
    twoomail.com ukr.net unal.edu.co uniminuto.edu.co uol.com.br usa.com useemlikefun.com
    verizon.net videotron.ca vip.qq.com virgilio.it voila.fr vols.utk.edu wanadoo.fr web.de
    windowslive.com wp.pl xmail.ru xs4all.nl ya.ru yahoo.ca yahoo.co.id yahoo.co.in yahoo.co.jp
    yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.hk yahoo.com.mx
    yahoo.com.ph yahoo.com.sg yahoo.com.tw yahoo.com.vn yahoo.de yahoo.es yahoo.fr yahoo.gr
    yahoo.in yahoo.it yandex.by yandex.com yandex.kz yandex.ru yandex.ua yeah.net ymail.com
    yopmail.com ziggo.nl zoho.com
    """.split()
)
#: a domain with more private persons than this is a provider that the list doesn't know
MOST_PERSONS = 50


def is_free(domain):
    """Whether a mail domain belongs to a provider of free or private mail."""
    return domain.strip().lower() in FREE_MAIL
